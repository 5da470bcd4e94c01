import { appendFileSync, cpSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { watchConnectors } from './watch-connectors.mjs'

let folder: string
let told: (paths: readonly string[]) => void
let watcher: { close(): void }

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'handover-watch-'))
  for (const name of ['connectors/shop/lib', 'connectors/sdk', 'elsewhere/other']) mkdirSync(join(folder, name), { recursive: true })
  writeFileSync(join(folder, 'connectors/shop/index.ts'), '')
  writeFileSync(join(folder, 'elsewhere/other/index.ts'), '')
  watcher = watchConnectors([join(folder, 'connectors')], (paths: readonly string[]) => told(paths))
})

afterEach(() => {
  watcher.close()
  rmSync(folder, { recursive: true, force: true })
})

/** What the watcher tells of a change. */
function after(change: () => void): Promise<readonly string[]> {
  const heard = new Promise<readonly string[]>((resolve) => (told = resolve))
  change()
  return heard
}

it('tells of a connector that is edited, dropped in, moved away or removed', async () => {
  const connectors = join(folder, 'connectors')
  expect(await after(() => appendFileSync(join(connectors, 'shop/index.ts'), 'export default 1\n'))).toEqual(['shop/index.ts'])
  expect(await after(() => writeFileSync(join(connectors, 'shop/lib/columns.ts'), ''))).toEqual(['shop/lib/columns.ts'])
  expect(await after(() => cpSync(join(folder, 'elsewhere/other'), join(connectors, 'copied'), { recursive: true }))).toContain('copied')
  expect(await after(() => renameSync(join(folder, 'elsewhere/other'), join(connectors, 'moved')))).toContain('moved')
  expect(await after(() => appendFileSync(join(connectors, 'moved/index.ts'), 'export default 2\n'))).toEqual(['moved/index.ts'])
  expect(await after(() => renameSync(join(connectors, 'moved'), join(folder, 'elsewhere/other')))).toContain('moved')
  expect(await after(() => rmSync(join(connectors, 'copied'), { recursive: true }))).toContain('copied')
})

it('tells once of many files, and never of what is no part of a connector', async () => {
  const connectors = join(folder, 'connectors')
  const others = ['sdk/http.ts', 'shop/index.test.ts', 'shop/readme.md', 'shop/.index.ts.swp', 'shop/index.ts~']
  const files = Array.from({ length: 50 }, (_, index) => `shop/lib/${index}.ts`)
  const told = await after(() => {
    for (const path of [...others, ...files]) writeFileSync(join(connectors, path), '')
  })
  expect(told.toSorted()).toEqual(files.toSorted())
})
