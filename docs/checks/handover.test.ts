import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { testTitles } from './test-titles.ts'

// The page claims that tests prove what it says; a test that was renamed, removed or switched off makes the claim hollow.
const root = resolve(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/handover/readme.md'), 'utf8')
const sections = page.slice(page.indexOf('## Why it worked before'), page.indexOf('## What was kept'))
const rows = sections.split('\n').filter((line) => line.startsWith('| ') && !/^\| (-|#|in the old program)/.test(line))
const cited = [...page.matchAll(/\[([^\]]+)\]\(\.\.\/([^)]+\.test\.ts)\)/g)].map(([, name, path]) => [join('docs', path!), name!] as const)

it('says for every break and every defect where it stood and which test shows that it is gone', () => {
  expect(rows.length).toBeGreaterThan(25)
  expect(rows.filter((row) => !/\.test\.ts\) +\|$/.test(row))).toEqual([])
  expect(rows.filter((row) => !/`\w+\.py:\d+`|`transform\.py`, all of it|before the first line/.test(row))).toEqual([])
})

it('names the test behind each of its links', () => {
  expect(cited).toHaveLength(page.split('.test.ts').length - 1)
})

it.each(cited)('cites a test that there is, and that runs: %s, %s', (path, name) => {
  expect([...testTitles(root, path)]).toContain(name)
})

it('takes no comment, text or test that is switched off for a test', () => {
  const folder = mkdtempSync(join(tmpdir(), 'handover-titles-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const text = `
    // it('in a comment', () => {})
    const said = "it('in a text', () => {})"
    it.skip('skipped', () => {})
    it.fails('not to pass', () => {})
    describe.skip('all of it', () => void it('in a group that is skipped', () => {}))
    describe('a group', () => void it.each([1])('one %i', () => {}))
    test.skipIf(process.platform === 'win32')(\`on some systems\`, () => {})`
  writeFileSync(join(folder, 'a.test.ts'), text)
  expect([...testTitles(folder, 'a.test.ts')]).toEqual(['one %i', 'on some systems'])
})
