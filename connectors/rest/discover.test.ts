import { describe, expect, it } from 'vitest'
import { discover } from './discover.ts'
import { startApi, type Answer } from './testing/api.ts'

const NESTED: Answer = { body: { items: [{ id: 1, name: 'a' }], meta: { links: ['x'], page: 1 } } }

/** Which field is at fault, and why. */
async function fault(definition: string, answer: (url: URL) => Answer = () => NESTED, isAllowed = true): Promise<[string, string] | null> {
  await using api = await startApi((_, url) => answer(url))
  const error = await discover(api.context(definition, undefined, isAllowed), null, true).then(
    () => null,
    (reason: { fields: { name: string; message: string }[] }) => reason,
  )
  return error && [error.fields[0]!.name, error.fields[0]!.message.replaceAll(api.url, 'API').replaceAll(new URL(api.url).host, 'HOST')]
}

const one = (more: string) => `url: "%"\nstreams: { things: { path: /things${more} } }`

describe('what is wrong at the API', () => {
  it('names the lists that there are when the place of the records is wrong', async () => {
    expect(await fault(one(', records: data.items'))).toEqual([
      'definition.streams.things.records',
      'There is no list at data.items. The answer has lists at: items, meta.links.',
    ])
    expect(await fault(one(', records: data'), () => ({ body: [{ id: 1 }] }))).toEqual([
      'definition.streams.things.records',
      'There is no list at data. The answer has lists at: . (the answer itself).',
    ])
    expect(await fault(one(', records: data'), () => ({ body: { id: 1, name: 'a' } }))).toEqual([
      'definition.streams.things.records',
      'There is no list at data. The answer has no list; it holds: id, name. Write a dot to take it as one record.',
    ])
    expect(await fault(one(''), () => ({ body: { a: [{ id: 1 }], b: [{ id: 2 }] } }))).toEqual([
      'definition.streams.things.records',
      'The answer has more than one list: a, b. Say under records which one is meant.',
    ])
  })

  it('finds the records by itself where that is clear', async () => {
    for (const body of [
      [{ id: 1 }],
      { data: { list: [{ id: 1 }], empty: [] } },
      { id: 1, name: 'one record' },
      { next: null, items: [] as object[], other: [{ id: 1 }] },
    ])
      expect(await fault(one(''), () => ({ body }))).toBeNull()
  })

  it('does not take an object for a record where a list has been', async () => {
    let body: unknown = [{ id: 1 }]
    await using api = await startApi(() => ({ body }))
    const first = await discover(api.context(one('')), null)
    for (body of [{ error: 'try again' }, null, 'x', { data: null }])
      await expect(discover(api.context(one(', records: .')), first)).rejects.toThrow('The answer is no list.')
    const items = await discover(api.context(one('')), ((body = { items: [{ id: 1 }] }), null))
    body = { items: [], warnings: [{ id: 2 }] }
    expect(await discover(api.context(one('')), items)).toEqual(items)
    body = { list: null }
    await expect(discover(api.context(one(', records: list, columns: { id: }')), null)).resolves.toMatchObject({
      streams: [{ hint: { isList: false } }],
    })
  })

  it('says beside its field what cannot be reached, found or read', async () => {
    expect(await fault(one(''), () => 404)).toEqual([
      'definition.streams.things.path',
      'The API has nothing at API/things. Check the path, and the address of the API in front of it.',
    ])
    expect(await fault(one(''), () => 500)).toEqual([
      'definition.streams.things.path',
      expect.stringContaining('problem of its own (status 500)'),
    ])
    expect(await fault('url: http://nowhere.invalid\nstreams: { things: { path: /things } }')).toEqual([
      'definition.url',
      expect.stringContaining('no server has that name'),
    ])
    expect(await fault(one(''), () => NESTED, false)).toEqual([
      'definition.url',
      'The address HOST lies in a private network, where Handover does not look by itself. Whoever runs Handover can allow it: start Handover with HANDOVER_PRIVATE_HOSTS=HOST.',
    ])
  })

  it('says which columns there are when one is wrong', async () => {
    expect(await fault(one(', key: [nam]'))).toEqual([
      'definition.streams.things.key.0',
      '“nam” is not known here. Did you mean name? Known are: id, name.',
    ])
    expect(await fault(one(''), () => ({ body: [{ name: 'a' }] }))).toEqual([
      'definition.streams.things.key',
      'Nothing tells one row of things from another by itself. There are the columns name. Name those that do under key, or write load: append.',
    ])
    const child = `url: "%"\nstreams: { things: { path: /things }, parts: { parent: things, path: "/things/{parent.ident}/parts" } }`
    expect(await fault(child)).toEqual(['definition.streams.parts.path', 'The parent has no column “ident”. It has: id, name.'])
    expect(await fault(one(''), () => ({ body: [] }))).toEqual([
      'definition.streams.things.columns',
      expect.stringContaining('No records of things came'),
    ])
  })

  it('keeps what it found before, widens it, and adds what is new', async () => {
    let body: unknown = [{ id: 1, size: 1, gone: 'x' }]
    await using api = await startApi(() => ({ body }))
    const first = await discover(api.context(one('')), null)
    body = [{ more: true, id: 1, size: 1.5 }]
    const second = await discover(api.context(one('')), first)
    expect(second.datasets[0]!.columns.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      'id int',
      'size double',
      'gone text',
      'more boolean',
    ])
    body = []
    expect(await discover(api.context(one('')), second)).toEqual(second)
  })

  it("knows kinds of places that lie deep, and of the parent's columns", async () => {
    await using api = await startApi((_, { pathname }) => ({
      body: pathname === '/things' ? [{ id: '1.50', a: { b: { c: 7 } } }] : [{ id: 1 }],
    }))
    const definition = `url: "%"
streams:
  things: { path: /things, columns: { id: { type: "decimal(6,2)" }, c: { path: a.b.c }, a: { leaveOut: true } } }
  parts: { parent: things, path: "/things/{parent.id}/parts", columns: { c: { path: "{parent.c}" } } }`
    const { datasets } = await discover(api.context(definition), null)
    const columns = datasets.map((dataset) => dataset.columns.map(({ name, kind, scale }) => `${name} ${kind}${scale ?? ''}`))
    expect(columns).toEqual([
      ['id decimal2', 'c int'],
      ['things_id decimal2', 'c int', 'id int'],
    ])
  })

  it('puts what stands in a path into one part of it', async () => {
    const asked: string[] = []
    const answer = ({ pathname }: URL): Answer => {
      asked.push(pathname)
      return { body: [{ id: pathname === '/things' ? 'a/b?c' : 1 }] }
    }
    const child = `url: "%"\nstreams: { things: { path: /things }, parts: { parent: things, path: "/things/{parent.id}/parts" } }`
    expect(await fault(child, answer)).toBeNull()
    expect(asked).toEqual(['/things', '/things/a%2Fb%3Fc/parts'])
    await using api = await startApi(() => ({ body: [{ id: '..' }] }))
    await expect(discover(api.context(child), null)).rejects.toThrow('cannot stand in an address')
  })
})
