import { Marked, type Tokens } from 'marked'

/** A heading of a page, with the anchor that a code host gives it. */
export interface Heading {
  level: number
  text: string
  anchor: string
}

/** One part of a page, from a heading to the next: what a search finds. */
export interface Section {
  heading: string
  anchor: string
  text: string
}

/** A page of the docs as it is shown. */
export interface HelpPage {
  title: string
  html: string
  headings: Heading[]
  sections: Section[]
}

/** Where the things that a page names are, in the place where it is shown. */
export interface Places {
  /** Address of what a link of the page leads to; null when it is not shown there. */
  link(href: string): string | null
  /** Address of a picture; null when there is none. */
  picture(href: string): string | null
  /** Addresses of a diagram as pictures, for light and for dark; null when it was not drawn. */
  diagram(source: string): { light: string; dark: string } | null
}

const ALLOWED = /^<(\/?(b|i|br|details|summary|kbd|sub|sup))\s*\/?>$/i

/**
 * Makes a page of Markdown into HTML. Markup within the text is shown as text, but for a few tags that only change how words look; comments are
 * dropped. Pure: the same in the product, in the static site and in tests.
 */
export function renderPage(markdown: string, places: Places): HelpPage {
  const headings: Heading[] = []
  const taken = new Map<string, number>()
  /** Regions of a page are told apart by a number. */
  let [tables, diagrams] = [0, 0]
  const marked = new Marked({
    renderer: {
      heading({ tokens, depth, text }: Tokens.Heading): string {
        const anchor = anchorOf(text, taken)
        headings.push({ level: depth, text: plain(text), anchor })
        return `<h${depth} id="${anchor}">${this.parser.parseInline(tokens)}</h${depth}>\n`
      },
      link({ href, tokens }: Tokens.Link): string {
        const inner = this.parser.parseInline(tokens)
        const isOutside = /^(https?|mailto):/i.test(href)
        const to = isOutside ? href : /^[a-z]+:/i.test(href) ? null : places.link(href)
        if (to === null) return inner
        return isOutside ? `<a href="${escaped(to)}" rel="noreferrer">${inner}</a>` : `<a href="${escaped(to)}">${inner}</a>`
      },
      image({ href, text }: Tokens.Image): string {
        const at = places.picture(href)
        return at === null ? escaped(text) : `<img src="${escaped(at)}" alt="${escaped(text)}" loading="lazy">`
      },
      code({ text, lang }: Tokens.Code): string {
        const drawn = lang === 'mermaid' ? places.diagram(text) : null
        const code = `<pre class="code" tabindex="0"><code>${escaped(text)}</code></pre>\n`
        return drawn === null ? code : figure(drawn, code, ++diagrams)
      },
      table(token: Tokens.Table): string {
        const cell = (kind: 'th' | 'td', { tokens }: Tokens.TableCell) =>
          `<${kind}${kind === 'th' ? ' scope="col"' : ''}>${this.parser.parseInline(tokens)}</${kind}>`
        const head = token.header.map((each) => cell('th', each)).join('')
        const rows = token.rows.map((row) => `<tr>${row.map((each) => cell('td', each)).join('')}</tr>`).join('\n')
        return `<div class="tbl-wrap" tabindex="0" role="region" aria-label="Table ${++tables}"><table class="tbl"><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></div>\n`
      },
      html({ text }: Tokens.HTML | Tokens.Tag): string {
        return text.replaceAll(/<!--[\s\S]*?-->/g, '').replaceAll(/<[^>]*>/g, (tag) => (ALLOWED.test(tag) ? tag : pictureTag(tag, places)))
      },
    },
  })
  const html = marked.parse(markdown, { async: false })
  const title = headings.find(({ level }) => level === 1)?.text ?? ''
  return { title, html, headings, sections: sectionsOf(markdown, headings) }
}

/** Pictures stand as tags where a page gives them a width or a dark sister. */
function pictureTag(tag: string, places: Places): string {
  const source = /^<img\b[^>]*\bsrc="([^"]+)"/.exec(tag)?.[1]
  const at = source === undefined ? null : places.picture(source)
  if (at !== null) return `<img src="${escaped(at)}" alt="${/\balt="([^"]*)"/.exec(tag)?.[1] ?? ''}" loading="lazy">`
  return /^<\/?(picture|source|p|div|a|img)\b/.test(tag) ? '' : escaped(tag)
}

/** A diagram, and its text for those who read rather than look. */
const figure = ({ light, dark }: { light: string; dark: string }, code: string, number: number): string =>
  `<figure class="diagram"><div class="tbl-wrap" tabindex="0" role="region" aria-label="Diagram ${number}"><img class="on-light" src="${escaped(light)}" alt="Diagram; its text follows"><img class="on-dark" src="${escaped(dark)}" alt="Diagram; its text follows"></div><details><summary>The diagram as text</summary>${code}</details></figure>\n`

/** Anchors as a code host makes them, doubles numbered. */
function anchorOf(heading: string, taken: Map<string, number>): string {
  const slug = plain(heading)
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M}_\- ]/gu, '')
    .replaceAll(' ', '-')
  const count = taken.get(slug) ?? 0
  taken.set(slug, count + 1)
  return count === 0 ? slug : `${slug}-${count}`
}

/** The words of a piece of Markdown, without its marks. */
export const plain = (markdown: string): string =>
  markdown
    .replaceAll(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/[`*]|(?<=^|\s)_|_(?=$|[\s.,;:!?)])/g, '')

/** The text below each heading, in their order. */
function sectionsOf(markdown: string, headings: readonly Heading[]): Section[] {
  const parts: string[][] = []
  let fence: string | null = null
  for (const line of markdown.split('\n')) {
    const mark = /^\s*(```|~~~)/.exec(line)?.[1] ?? null
    if (mark !== null) fence = fence === null ? mark : fence === mark ? null : fence
    if (mark !== null) continue
    if (fence === null && /^#{1,6} /.test(line)) parts.push([])
    else if (!/^\|[ :|-]+\|$/.test(line)) parts.at(-1)?.push(line)
  }
  return headings.map(({ text, anchor }, index) => ({
    ...{ heading: text, anchor },
    text: plain((parts[index] ?? []).join(' '))
      .replaceAll(/\s*\|\s*/g, ' · ')
      .replaceAll(/\s+/g, ' ')
      .trim(),
  }))
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
