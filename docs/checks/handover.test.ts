import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'

// The page claims that tests prove what it says; a test that was renamed or removed makes the claim hollow.
const root = resolve(import.meta.dirname, '../..')
const page = readFileSync(join(root, 'docs/handover/readme.md'), 'utf8')
const cited = [...page.matchAll(/\[test\]\(\.\.\/([^)]+)\) `([^`]+)`/g)].map(([, path, name]) => [join('docs', path!), name!] as const)

it('cites a test for every break and every defect', () => {
  const sections = page.slice(page.indexOf('## Why it worked before'), page.indexOf('## What was kept'))
  const rows = sections.split('\n').filter((line) => line.startsWith('| ') && !/^\| (-|#|in the old program)/.test(line))
  expect(rows.length).toBeGreaterThan(25)
  expect(rows.filter((row) => !row.includes('[test](../'))).toEqual([])
})

it.each(cited)('cites a test that there is: %s, %s', (path, name) => {
  const text = readFileSync(join(root, path), 'utf8')
  expect([`'${name}'`, `\`${name}\``, `"${name}"`].some((quoted) => text.includes(quoted))).toBe(true)
})
