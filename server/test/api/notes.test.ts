import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type TestServer } from './server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startServer()
  await server.shelf('one')
  await server.shelf('two')
}, 30_000)
afterAll(() => server[Symbol.asyncDispose]())

const NOTE = 'id sourceSlug dataset column load text by at'
const add = (input: object) => server.ask(`mutation ($input: AddNote!) { addNote(input: $input) { ${NOTE} } }`, { input })
const notes = async (of = '') => (await server.ask(`{ notes${of} { ${NOTE} } }`)).data.notes

describe('notes', () => {
  it('are left on a source, a dataset, a column and a load, and listed newest first', async () => {
    const { data } = await server.ask('{ loads(source: "one") { nodes { id } } }')
    const load = data.loads.nodes[0].id
    const places = [
      { source: 'one' },
      { source: 'one', dataset: 'items' },
      { source: 'one', dataset: 'items', column: 'name' },
      { source: 'one', load },
      { source: 'two' },
    ]
    for (const [index, place] of places.entries())
      expect((await add({ ...place, text: ` closed on Mondays ${index} 🎡 `, by: index === 0 ? 'Maja' : ' ' })).errors).toBeUndefined()
    const all = await notes()
    expect(all.map(({ text }: { text: string }) => text)).toEqual([4, 3, 2, 1, 0].map((index) => `closed on Mondays ${index} 🎡`))
    expect(all.map(({ by }: { by: string | null }) => by)).toEqual([null, null, null, null, 'Maja'])
    expect(await notes('(source: "two")')).toEqual([all[0]])
    const { id, at, ...column } = all[2]
    expect([Number.isNaN(Date.parse(at)), column]).toEqual([
      false,
      { sourceSlug: 'one', dataset: 'items', column: 'name', load: null, text: 'closed on Mondays 2 🎡', by: null },
    ])
    expect((await server.ask(`mutation { removeNote(id: "${id}") { text } }`)).data.removeNote.text).toBe('closed on Mondays 2 🎡')
    expect(await notes()).toEqual(all.filter((note: { id: string }) => note.id !== id))
    expect((await server.ask(`mutation { removeNote(id: "${id}") { text } }`)).errors![0]!.extensions.code).toBe('NOT_FOUND')
  })

  it.each([
    [{ source: 'three', text: 'x' }, 'There is no source called "three"'],
    [{ source: 'one', dataset: 'nothing', text: 'x' }, 'The source "one" has no dataset "nothing".'],
    [{ source: 'one', dataset: 'items', column: 'nothing', text: 'x' }, 'The dataset "items" has no column "nothing".'],
    [{ source: 'one', column: 'name', text: 'x' }, 'A note about a column says of which dataset.'],
    [{ source: 'one', load: 'no-load', text: 'x' }, 'There is no such load.'],
    [{ source: 'one', text: ' \n ' }, 'A note needs some words.'],
    [{ source: 'one', text: 'x'.repeat(501) }, 'A note has at most 500 characters; this one has 501.'],
    [{ source: 'one', text: 'x', by: 'y'.repeat(65) }, 'A name has at most 64 characters.'],
  ])('say what is wrong with %j', async (input, words) => {
    const before = await notes()
    expect((await add(input)).errors![0]!.message).toContain(words)
    expect(await notes()).toEqual(before)
  })

  it('refuse a load of another source', async () => {
    const { data } = await server.ask('{ loads(source: "two") { nodes { id } } }')
    const refused = await add({ source: 'one', load: data.loads.nodes[0].id, text: 'x' })
    expect(refused.errors![0]!.message).toBe('This load is none of the source "one".')
  })
})
