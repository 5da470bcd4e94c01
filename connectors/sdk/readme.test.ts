import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import * as sdk from './index.ts'
import * as kit from './testing/index.ts'

const readme = readFileSync(join(import.meta.dirname, 'readme.md'), 'utf8')

it('shows a connector that can be loaded', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'handover-readme-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const code = /```ts\n([^]*?)```/.exec(readme)![1]!
  const file = join(folder, 'index.ts')
  const here = pathToFileURL(join(import.meta.dirname, 'index.ts')).href
  writeFileSync(file, code.replace("'@handover/sdk'", `'${here}'`).replace("'zod'", `'${import.meta.resolve('zod')}'`))
  const { default: connector } = (await import(file)) as { default: sdk.Connector }
  expect(sdk.shapeOf('orders', connector.datasets!['orders']!)).toMatchObject({
    key: ['id'],
    columns: [{ name: 'id' }, { personal: true }, { unit: 'SEK' }, { role: 'time' }],
  })
})

it('names only what the package exports', () => {
  const called = new Set([...readme.matchAll(/`(\w+)\([^`]*\)`/g)].map(([, name]) => name!))
  const known = new Set([...Object.keys(sdk), ...Object.keys(kit)])
  expect(called.size).toBeGreaterThan(10)
  expect([...called].filter((name) => !known.has(name))).toEqual([])
})
