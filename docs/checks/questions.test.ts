import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { renderPage } from '../../client/src/lib/help/render.ts'
import { anchors } from './markdown.ts'
import { OWNER, TECHNICAL } from './questions.ts'

const docs = resolve(import.meta.dirname, '..')
const read = (page: string) => readFileSync(join(docs, page), 'utf8')

/** A section with its code and tables, up to the next heading of the same or a higher level. */
function section(at: string): string {
  const [page = '', anchor = ''] = at.split('#')
  const text = read(page)
  expect([at, anchors(text).has(anchor)]).toEqual([at, true])
  const { headings } = renderPage(text, { link: () => null, picture: () => null, diagram: () => null })
  const parts = text.split(/^(?=#{1,6} )/m).filter((part) => /^#{1,6} /.test(part))
  // Headings within code look the same: only those that the page has are counted.
  const from = headings.findIndex((heading) => heading.anchor === anchor)
  const own = parts.filter((part) =>
    headings.some(({ text: title }) => part.split('\n')[0]!.replaceAll(/[`*_]/g, '').endsWith(title.replaceAll('_', ''))),
  )
  const next = headings.findIndex(({ level }, index) => index > from && (level <= headings[from]!.level || headings[from]!.level === 1))
  return own
    .slice(from, next < 0 ? undefined : next)
    .join('')
    .replaceAll('**', '')
}

it('are 30 of a product owner and 30 of a technical person, each once', () => {
  expect([OWNER.length, TECHNICAL.length, new Set([...OWNER, ...TECHNICAL].map(({ question }) => question)).size]).toEqual([30, 30, 60])
})

describe.each([
  ['a product owner', OWNER],
  ['a technical person', TECHNICAL],
])('questions of %s', (_, questions) => {
  it.each(questions.map(({ question, at, says }) => [question, at, says] as const))('%s is answered at %s', (_question, at, says) => {
    const text = section(at)
    expect(says.filter((words) => !text.toLowerCase().includes(words.toLowerCase()))).toEqual([])
  })
})

describe('the pages for the product owner', () => {
  const pages = ['product-owner/readme.md', 'product-owner/numbers.md', 'product-owner/one-page.md', 'handover/readme.md']
  const prose = (page: string) =>
    read(page)
      .split('\n')
      .filter((line) => !/^(\||#|```|>|!\[|- \[)/.test(line))
      .join('\n')
      .replaceAll(/```[\s\S]*?```/g, '')

  it.each(pages)('%s is written in short sentences', (page) => {
    const text = renderPage(prose(page), { link: () => null, picture: () => null, diagram: () => null }).html.replaceAll(/<[^>]+>/g, ' ')
    const sentences = text
      .split(/[.:;?](?=\s|$)/)
      .map(
        (each) =>
          each
            .trim()
            .split(/\s+/)
            .filter((word) => /\w/.test(word)).length,
      )
      .filter((words) => words > 2)
    expect(sentences.reduce((sum, words) => sum + words, 0) / sentences.length).toBeLessThan(18)
  })

  it.each(pages.slice(0, 3))('%s has no word of the workshop in it', (page) => {
    const found =
      prose(page).match(/\b(ETL|ELT|schema|endpoint|payload|idempotent|upsert|lease|quarantine|pipeline|repository|cron|JSON|SQL)\b/gi) ??
      []
    expect(found).toEqual([])
  })

  it.each(pages)('%s keeps to one spelling', (page) => {
    expect(read(page).match(/\b(color|license[sd]?\b(?! MIT)|behavior|center|analyze|catalog\b|organiz|recogniz)\w*/gi) ?? []).toEqual([])
  })

  it('have the printed page as its words are now', () => {
    const pdf = read('product-owner/one-page.pdf')
    const mark = createHash('sha256')
      .update(readFileSync(join(docs, 'product-owner/one-page.md')))
      .digest('hex')
    expect(pdf.includes(`% one-page.md ${mark}`), 'run node scripts/node.mjs scripts/print.mjs').toBe(true)
    expect(pdf.match(/\/Type \/Page\b(?!s)/g)).toHaveLength(1)
  })
})
