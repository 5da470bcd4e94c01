// Writes the docs as static HTML, with the same words and look as Help in the product, and a search that works from a file.
// Usage: npm run docs [folder to write to]      default: build/docs
import { cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, posix, resolve } from 'node:path'
import { grouped, helpPath, targetOf } from '../client/src/lib/help/pages.ts'
import { renderPage } from '../client/src/lib/help/render.ts'
import { nameOf } from './diagrams.mjs'
import { root } from './tools.mjs'

const docs = join(root, 'docs')
const STYLES = ['tokens', 'base', 'page', 'controls', 'sheets', 'states', 'tables', 'prose']

/** Writes all pages into a folder that is made anew; gives their paths. */
export function writeSite(target) {
  const files = globSync('**/*.md', { cwd: docs })
    .map((file) => file.replaceAll('\\', '/'))
    .toSorted()
  const out = (file) => (helpPath(file) === '' ? 'index.html' : `${helpPath(file)}.html`)
  const isPage = new Set(files)
  rmSync(target, { recursive: true, force: true })
  mkdirSync(target, { recursive: true })
  const pages = files.map((file) => {
    const from = out(file)
    const relative = (to) => posix.relative(posix.dirname(from), to) || posix.basename(to)
    const inDocs = (href) => {
      const found = targetOf(file, href)
      if (found === null) return null
      const hash = found.anchor === '' ? '' : `#${found.anchor}`
      if (isPage.has(found.file)) return relative(out(found.file)) + hash
      return /\.(png|svg|pdf)$/.test(found.file) ? relative(found.file) : null
    }
    const diagram = (source) => {
      const [light, dark] = ['light', 'dark'].map((look) => relative(`pictures/diagrams/${nameOf(source.trim())}-${look}.svg`))
      return { light, dark }
    }
    return {
      file,
      from,
      path: helpPath(file),
      ...renderPage(readFileSync(join(docs, file), 'utf8'), { link: inDocs, picture: inDocs, diagram }),
    }
  })
  const groups = grouped(pages)
  const byPath = new Map(pages.map((page) => [page.path, page]))
  for (const page of pages) {
    mkdirSync(join(target, dirname(page.from)), { recursive: true })
    writeFileSync(join(target, page.from), pageOf(page, groups, byPath))
  }
  writeFileSync(
    join(target, 'style.css'),
    STYLES.map((name) => readFileSync(join(root, `client/src/lib/styles/${name}.css`), 'utf8').replaceAll('../fonts/', 'fonts/')).join(
      '\n',
    ) + SITE_STYLE,
  )
  const index = pages.flatMap(({ from, title, sections }) =>
    sections.map(({ heading, anchor, text }) => [`${from}#${anchor}`, title, heading, text]),
  )
  writeFileSync(join(target, 'search.js'), `const INDEX = ${JSON.stringify(index)}\n${SEARCH}`)
  cpSync(join(root, 'client/src/lib/fonts'), join(target, 'fonts'), { recursive: true })
  for (const file of globSync('**/*.{png,svg,pdf}', { cwd: docs })) cpSync(join(docs, file), join(target, file))
  return pages.map(({ from }) => from)
}

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')

function pageOf({ from, path, title, html }, groups, byPath) {
  const up = '../'.repeat(from.split('/').length - 1)
  const list = groups
    .map((group) => {
      const links = group.pages.map(
        (page) =>
          `<li><a href="${up}${byPath.get(page.path).from}"${page.path === path ? ' aria-current="page"' : ''}>${escaped(page.title)}</a></li>`,
      )
      return `<details${group.pages.some((page) => page.path === path) || path === '' ? ' open' : ''}><summary>${escaped(group.title)}</summary><ul>${links.join('')}</ul></details>`
    })
    .join('\n')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)} · Handover</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${up}style.css">
</head>
<body data-up="${up}">
<div class="site">
<nav class="site-list" aria-label="All pages">
<p><a href="${up}index.html"><b>Handover</b></a></p>
<label for="q">Search</label><input class="input" id="q" type="search"><ul id="found" role="status"></ul>
${list}
</nav>
<main class="prose">
${html}
</main>
</div>
<script src="${up}search.js"></script>
</body>
</html>
`
}

const SITE_STYLE = `
body { margin: 0; background: var(--ground); color: var(--ink); font-family: var(--font-text); }
.site { display: grid; grid-template-columns: 16rem minmax(0, 1fr); gap: 2.5rem; max-width: 72rem; margin: 0 auto; padding: 2rem 1.25rem; align-items: start; }
.site-list { position: sticky; top: 1rem; max-height: calc(100dvh - 2rem); overflow: auto; font-size: var(--text-sm); line-height: var(--lead-sm); }
.site-list ul { list-style: none; padding: 0; margin: 0 0 0.5rem; }
.site-list li a { display: block; padding: 0.2rem 0.6rem; border-left: 2px solid var(--rule); color: var(--ink-2); text-decoration: none; }
.site-list li a:hover, .site-list li a[aria-current] { color: var(--accent); border-color: var(--accent); }
.site-list summary { cursor: pointer; color: var(--ink-3); padding: 0.25rem 0; }
.prose a { color: var(--accent); }
@media (max-width: 60rem) { .site { grid-template-columns: minmax(0, 1fr); } .site-list { position: static; max-height: none; } }
@media print { .site-list { display: none; } }
`

const SEARCH = `
const up = document.body.dataset.up
document.querySelector('#q').addEventListener('input', ({ target }) => {
  const words = target.value.toLowerCase().split(/\\s+/).filter(Boolean)
  const found = words.length === 0 ? [] : INDEX.filter((entry) => words.every((word) => entry.slice(1).join(' ').toLowerCase().includes(word)))
  const inHeading = (entry) => (words.some((word) => entry[2].toLowerCase().includes(word)) ? 0 : 1)
  const items = found.sort((a, b) => inHeading(a) - inHeading(b)).slice(0, 20).map(([href, title, heading]) => {
    const link = document.createElement('a')
    link.href = up + href
    link.textContent = heading === title ? title : heading + ' · ' + title
    const item = document.createElement('li')
    item.append(link)
    return item
  })
  document.querySelector('#found').replaceChildren(...items)
})
`

if (import.meta.main) {
  const target = resolve(process.argv[2] ?? join(root, 'build/docs'))
  console.log(`${writeSite(target).length} pages written to ${target}. Open index.html.`)
}
