import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { renderPage } from '../../client/src/lib/help/render.ts'
import { writeSite } from '../../scripts/docs-site.mjs'
import { anchors } from './markdown.ts'

const root = resolve(import.meta.dirname, '../..')
const docs = globSync('docs/**/*.md', { cwd: root })
const nowhere = { link: () => null, picture: () => null, diagram: () => null }
const site = mkdtempSync(join(tmpdir(), 'handover-docs-'))
afterAll(() => rmSync(site, { recursive: true }))

describe('the pages as Help shows them', () => {
  it('have the anchors that a code host gives them, and a title', () => {
    for (const page of docs) {
      const text = readFileSync(join(root, page), 'utf8')
      const { title, headings } = renderPage(text, nowhere)
      expect([page, title === '', headings.map(({ anchor }) => anchor)]).toEqual([page, false, [...anchors(text)]])
    }
  })

  it('have a picture of every diagram as it is now, and no others', () => {
    const names = docs
      .flatMap((page) => [...readFileSync(join(root, page), 'utf8').matchAll(/^```mermaid\n([\s\S]*?)^```/gm)])
      .map(([, source]) => createHash('sha256').update(source!.trim()).digest('hex').slice(0, 12))
    const wanted = [...new Set(names)].flatMap((name) => [`${name}-dark.svg`, `${name}-light.svg`]).toSorted()
    expect(readdirSync(join(root, 'docs/pictures/diagrams')).toSorted(), 'run node scripts/node.mjs scripts/diagrams.mjs').toEqual(wanted)
  })
})

describe('the docs as static pages', () => {
  const written = writeSite(site)

  it('are all there', () => {
    expect(written.length).toBe(docs.length)
  })

  it('lead nowhere that there is not, and ask nothing of another host', () => {
    const faults = written.flatMap((page) => {
      const html = readFileSync(join(site, page), 'utf8').replaceAll(/<code>[\s\S]*?<\/code>/g, '')
      const targets = [...html.matchAll(/ (?:href|src)="([^"]*)"/g)].map(([, target]) => target!)
      const loads = [...html.matchAll(/<(?:link|script|img)[^>]* (?:href|src)="(https?:[^"]*)"/g)].map(
        ([, target]) => `${page} loads ${target}`,
      )
      const broken = targets
        .filter((target) => !/^(https?|mailto|data):/.test(target))
        .filter((target) => {
          const [path, hash] = target.split('#')
          const file = path === '' ? join(site, page) : join(site, dirname(page), decodeURI(path!))
          if (!existsSync(file)) return true
          return hash !== undefined && hash !== '' && !readFileSync(file, 'utf8').includes(`id="${decodeURI(hash)}"`)
        })
      return [...loads, ...broken.map((target) => `${page} leads to ${target}`)]
    })
    expect(faults).toEqual([])
    expect(readFileSync(join(site, 'style.css'), 'utf8')).not.toMatch(/url\(["']?https?:/)
  })
})
