import type { Block, FlowStep, PackDocument } from './document.ts'

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

/** One file that needs nothing beside it, for screen and paper, light and dark. */
export function packHtml({ title, subtitle, blocks, gaps }: PackDocument): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}: ${escaped(subtitle)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
<p class="sub">${escaped(subtitle)}</p>
${gaps.length > 0 ? `<p class="gap">${gaps.length === 1 ? 'One thing is' : `${gaps.length} things are`} missing in this document, because nobody has written them down. They are marked like this.</p>` : ''}
${blocks.map(block).join('\n')}
</main>
</body>
</html>
`
}

function block(part: Block): string {
  switch (part.kind) {
    case 'heading':
      return `<h${part.level}>${escaped(part.text)}</h${part.level}>`
    case 'text':
      return `<p${part.tone ? ` class="${part.tone}"` : ''}>${escaped(part.text)}</p>`
    case 'list':
      return `<ul>${part.items.map((item) => `<li>${escaped(item)}</li>`).join('')}</ul>`
    case 'steps':
      return `<ol>${part.items.map(({ text, code }) => `<li>${escaped(text)}${code === null ? '' : `<pre><code>${escaped(code)}</code></pre>`}</li>`).join('\n')}</ol>`
    case 'table':
      return tableOf(part)
    case 'flow':
      return flow(part.steps)
  }
}

function tableOf({ head, rows, name }: Extract<Block, { kind: 'table' }>): string {
  const cells = (row: readonly string[]) => row.map((cell) => `<td>${escaped(cell)}</td>`).join('')
  return `<div class="wide" tabindex="0" role="region" aria-label="Table: ${escaped(head.join(', '))}"><table${name ? ` id="${name}"` : ''}><thead><tr>${head
    .map((cell) => `<th scope="col">${escaped(cell)}</th>`)
    .join('')}</tr></thead><tbody>${rows.map((row) => `<tr>${cells(row)}</tr>`).join('\n')}</tbody></table></div>`
}

/** Boxes with arrows; a list in the eyes of a screen reader. */
const flow = (steps: readonly FlowStep[]): string =>
  `<ol class="flow">${steps
    .map(
      ({ title, figure, counts }) =>
        `<li><b>${escaped(title)}</b>${figure === null ? '' : `<span>${escaped(figure)}</span>`}<small>${escaped(counts)}</small></li>`,
    )
    .join('')}</ol>`

const STYLE = `
:root { color-scheme: light dark; --ground: light-dark(#f4f8f9, #10171b); --surface: light-dark(#fdfefe, #182025); --ink: light-dark(#182832, #e9eef0); --soft: light-dark(#4c5c66, #b4bfc5); --rule: light-dark(#dbe3e7, #2c373d); --accent: light-dark(#1f6685, #7cc6e0); --gap: light-dark(#fff3d6, #3d3016); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; overflow-wrap: break-word; }
main { max-width: 54rem; margin: 0 auto; padding: 2.5rem 1.25rem 5rem; }
h1 { font-size: 2rem; margin: 0; }
.sub { color: var(--soft); margin: 0.2rem 0 1.5rem; }
h2 { margin: 2.5rem 0 0.5rem; padding-top: 1rem; border-top: 3px double var(--ink); font-size: 1.4rem; }
h3 { margin: 1.6rem 0 0.4rem; font-size: 1.1rem; }
p, ul, ol { margin: 0.5rem 0; }
.gap { background: var(--gap); padding: 0.5rem 0.8rem; border-radius: 6px; }
.wide { overflow-x: auto; margin: 0.7rem 0; border: 1px solid var(--rule); border-radius: 6px; background: var(--surface); }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; }
th, td { text-align: left; vertical-align: top; padding: 0.4rem 0.7rem; border-bottom: 1px solid var(--rule); }
th { color: var(--soft); font-weight: 600; }
tr:last-child td { border-bottom: 0; }
pre { background: var(--surface); border: 1px solid var(--rule); border-radius: 6px; padding: 0.5rem 0.8rem; overflow-x: auto; margin: 0.3rem 0 0.8rem; }
.flow { list-style: none; display: flex; flex-wrap: wrap; gap: 0.5rem 1.6rem; padding: 0; margin: 0.8rem 0; }
.flow li { position: relative; flex: 1 1 7.5rem; border: 1.5px solid var(--accent); border-radius: 6px; padding: 0.5rem 0.7rem; background: var(--surface); }
.flow li:not(:last-child)::after { content: '→'; position: absolute; right: -1.35rem; top: 0.6rem; color: var(--accent); }
.flow span { display: block; font-size: 1.25rem; }
.flow small { color: var(--soft); }
@media print { body { background: white; } h2 { break-after: avoid; } .flow, tr { break-inside: avoid; } }
`
