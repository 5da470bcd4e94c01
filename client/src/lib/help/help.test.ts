import { describe, expect, it } from 'vitest'
import { grouped, helpPath, targetOf } from './pages.ts'
import { renderPage } from './render.ts'
import { searchHelp } from './search.ts'

const places = {
  link: (href: string) => (href.startsWith('../server') ? null : `/help/${href}`),
  picture: (href: string) => `/made/${href}`,
  diagram: (source: string) => (source.includes('known') ? { light: '/l.svg', dark: '/d.svg' } : null),
}
const html = (markdown: string) => renderPage(markdown, places).html

describe('a page of Help', () => {
  it('shows tags as text, but for those that only change how words look', () => {
    expect(html('a <b>b</b><br>c <script>alert(1)</script> <img src=x onerror=alert(1)> <!-- gone -->')).toBe(
      '<p>a <b>b</b><br>c &lt;script&gt;alert(1)&lt;/script&gt;  </p>\n',
    )
    expect(html('[x](javascript:alert(1))')).not.toContain('href="javascript')
    expect(html('`<i>`')).toContain('<code>&lt;i&gt;</code>')
  })

  it('leads to other pages, and names files that are not shown without leading there', () => {
    expect(html('[a](b.md#c) [d](../server/x.ts) [e](https://example.org)')).toBe(
      '<p><a href="/help/b.md#c">a</a> d <a href="https://example.org" rel="noreferrer">e</a></p>\n',
    )
  })

  it('shows a diagram as pictures with its text, or as text where none was drawn', () => {
    expect(html('```mermaid\nknown\n```')).toMatch(/<img class="on-light" src="\/l.svg".*<details>.*known/s)
    expect(html('```mermaid\nother\n```')).toBe('<pre class="code" tabindex="0"><code>other</code></pre>\n')
  })

  it('has headings with anchors, doubles numbered, and the text below each', () => {
    const { title, headings, sections } = renderPage(
      '# A `b`\none\n## C\ntwo | _three_\n```sh\n# no heading\n```\n## C\n[four](x.md)',
      places,
    )
    expect(title).toBe('A b')
    expect(headings.map(({ anchor }) => anchor)).toEqual(['a-b', 'c', 'c-1'])
    expect(sections.map(({ text }) => text)).toEqual(['one', 'two · three # no heading', 'four'])
  })
})

describe('the pages of Help', () => {
  it('have a path each, and are found from where a link stands', () => {
    expect(['readme.md', 'technical/readme.md', 'guides/deploy.md'].map(helpPath)).toEqual(['', 'technical', 'guides/deploy'])
    expect(targetOf('guides/deploy.md', '../technical/readme.md#rooms')).toEqual({ file: 'technical/readme.md', anchor: 'rooms' })
    expect(targetOf('guides/deploy.md', '#here')).toEqual({ file: 'guides/deploy.md', anchor: 'here' })
    expect(targetOf('guides/deploy.md', '../../server/x.ts')).toBeNull()
    expect(targetOf('readme.md', 'decisions/')).toEqual({ file: 'decisions/', anchor: '' })
  })

  it('stand in groups, the way in of each first', () => {
    const pages = ['', 'changelog', 'guides/b', 'technical/a', 'technical', 'decisions/0002-x', 'decisions/0001-y'].map((path) => ({
      path,
      title: path.slice(-1),
    }))
    expect(grouped(pages).map(({ title, pages: own }) => [title, own.map(({ path }) => path)])).toEqual([
      ['For the technical person', ['technical', 'technical/a']],
      ['How to', ['guides/b']],
      ['Why it is like this', ['decisions/0001-y', 'decisions/0002-x']],
      ['More', ['changelog']],
    ])
  })
})

describe('a search in Help', () => {
  const page = (path: string, title: string, ...sections: [string, string][]) => ({
    ...{ path, title },
    sections: sections.map(([heading, text], index) => ({ heading, anchor: `a${index}`, text })),
  })
  const pages = [
    page('a', 'Deploy', ['Deploy', 'Behind a proxy that ends TLS.'], ['Backup', 'Once a night.']),
    page('b', 'Back up', ['Back up', `${'word '.repeat(60)}the Backup of a night, ${'word '.repeat(60)}`]),
  ]
  const places_ = (search: string) => searchHelp(pages, search).map(({ path, anchor }) => path + anchor)

  it('wants every word, whatever its case, and puts headings first', () => {
    expect(places_('BACKUP night')).toEqual(['aa1', 'ba0'])
    expect(places_('proxy night')).toEqual([])
    expect(places_('deploy tls')).toEqual(['aa0'])
    expect(places_(' ')).toEqual([])
  })

  it('shows the words around the first hit, with the hits marked', () => {
    const [, { snippet }] = searchHelp(pages, 'backup') as [unknown, { snippet: { text: string; hit: boolean }[] }]
    const text = snippet.map((piece) => piece.text).join('')
    expect(text.length).toBeLessThan(230)
    expect(text).toMatch(/^….*the Backup of a night.*…$/)
    expect(snippet.filter(({ hit }) => hit).map((piece) => piece.text)).toEqual(['Backup'])
  })
})
