import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { anchors, brokenLinks, pages } from './markdown.ts'

const root = resolve(import.meta.dirname, '../..')

describe('the pages', () => {
  it('have no link or picture that leads nowhere', () => {
    expect(pages(root)).toEqual(expect.arrayContaining(['README.md', 'CONTRIBUTING.md', 'docs/readme.md', 'docs/changelog.md']))
    expect(pages(root).flatMap((page) => brokenLinks(root, page))).toEqual([])
  })

  it('include a list of every decision', () => {
    const folder = join(root, 'docs/decisions')
    const list = readFileSync(join(folder, 'readme.md'), 'utf8')
    const decisions = readdirSync(folder).filter((name) => name !== 'readme.md')
    expect(decisions.filter((name) => !list.includes(`](${name})`))).toEqual([])
  })

  it('include a README of under 100 lines with the two commands', () => {
    const text = readFileSync(join(root, 'README.md'), 'utf8')
    expect(text.split('\n').length).toBeLessThan(100)
    expect(text).toContain('npm ci && npm start')
    expect(text).toContain('npm ci && npm test')
  })
})

describe('the check itself', () => {
  it('finds missing files, headings and pictures, and leaves code and other hosts alone', () => {
    const folder = mkdtempSync(join(tmpdir(), 'handover-links-'))
    const text = '# A b!\n[x](no.md) [y](#no) [z](#a-b) ![p](no.png) <img alt="" src="no.svg"> `[c](no.c)` [h](https://example.org/no)\n'
    writeFileSync(join(folder, 'page.md'), text)
    const found = brokenLinks(folder, 'page.md').map((sentence) => sentence.split(' links to ')[1]!.split(':')[0])
    rmSync(folder, { recursive: true })
    expect(found).toEqual(['no.md', '#no', 'no.png', 'no.svg'])
  })

  it('makes anchors as GitHub does', () => {
    expect([...anchors('# Ask *the* data\n## `x` & y\n## Ask the data\n```\n# no\n```\n### [Link](a.md) one')]).toEqual([
      'ask-the-data',
      'x--y',
      'ask-the-data-1',
      'link-one',
    ])
  })
})
