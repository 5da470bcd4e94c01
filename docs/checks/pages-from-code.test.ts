import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { describe, expect, it } from 'vitest'
import { importsPage, platformTables, tablesPage } from './pages-from-code.ts'

const root = resolve(import.meta.dirname, '../..')
const technical = readFileSync(join(root, 'docs/technical/readme.md'), 'utf8')
const pretty = async (text: string) => format(text, { ...(await resolveConfig(join(root, 'docs/readme.md'))), parser: 'markdown' })

describe('the technical pages', () => {
  it('show every platform table as its entity declares it', async () => {
    expect(platformTables(root).length).toBeGreaterThan(15)
    await expect(await pretty(tablesPage(root))).toMatchFileSnapshot('../technical/tables.md')
  })

  it('show which room imports which', async () => {
    await expect(await pretty(importsPage(root))).toMatchFileSnapshot('../technical/imports.md')
  })

  it('name every room of the server, and none that there is not', () => {
    const rooms = readdirSync(join(root, 'server/src'), { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [entry.name] : [],
    )
    const named = [...technical.matchAll(/^\| `server\/src\/([\w-]+)`/gm)].map(([, room]) => room)
    expect(named.toSorted()).toEqual(rooms.toSorted())
  })

  it('draw the way of a record between rooms that know each other', () => {
    const diagram = /```mermaid\nsequenceDiagram\n([\s\S]*?)```/.exec(technical)![1]!
    const rooms = new Map([...diagram.matchAll(/participant (\w) as ([\w-]+)/g)].map(([, letter, room]) => [letter!, room!]))
    const imports = importsPage(root).matchAll(/^ {2}([\w-]+) --> ([\w-]+)$/gm)
    const known = new Set([...imports].flatMap(([, from, to]) => [`${from} ${to}`, `${to} ${from}`]))
    const drawn = [...diagram.matchAll(/(\w)--?>>(\w)/g)].map(([, from, to]) => `${rooms.get(from!)} ${rooms.get(to!)}`)
    expect(drawn.length).toBeGreaterThan(8)
    expect(drawn.filter((pair) => !pair.includes('connector') && !known.has(pair))).toEqual([])
  })

  it('draw a load with the states that there are', () => {
    const entity = readFileSync(join(root, 'server/src/loads/load.entity.ts'), 'utf8')
    const declared = [.../export type LoadState = ([^\n]+)/.exec(entity)![1]!.matchAll(/'(\w+)'/g)].map(([, state]) => state!)
    const diagram = /```mermaid\nstateDiagram-v2\n([\s\S]*?)```/.exec(technical)![1]!
    const drawn = new Set([...diagram.matchAll(/(\w+) -->|--> (\w+)/g)].map(([, from, to]) => from ?? to!))
    expect([...drawn].toSorted()).toEqual(declared.toSorted())
  })
})
