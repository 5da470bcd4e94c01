import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type TestServer } from './server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startServer()
  await server.shelf('one', { rows: 30, bad: true })
  await server.shelf('two', { rows: 30, bad: true })
}, 30_000)
afterAll(() => server[Symbol.asyncDispose]())

const RECORD = 'id sourceSlug dataset code column reason raw part line at state note decidedAt'

describe('what is set aside', () => {
  it('is told by reason, with how many, since when and an example', async () => {
    const { data } = await server.ask(`{ quarantineReasons(source: "one") {
      totalCount entries pageInfo { hasNextPage } nodes { sourceSlug dataset code column count firstAt lastAt example exampleId } } }`)
    const { nodes, ...rest } = data.quarantineReasons
    expect(rest).toEqual({ totalCount: 1, entries: 1, pageInfo: { hasNextPage: false } })
    expect(nodes[0]).toMatchObject({ sourceSlug: 'one', dataset: 'items', code: 'ROW_INVALID', column: 'name', count: 1 })
    expect(nodes[0].firstAt).toBe(nodes[0].lastAt)
    const record = await server.ask(`{ quarantine(source: "one", code: "ROW_INVALID", column: "name") { nodes { ${RECORD} } } }`)
    expect(record.data.quarantine.nodes).toEqual([
      expect.objectContaining({
        id: nodes[0].exampleId,
        reason: nodes[0].example,
        at: nodes[0].lastAt,
        state: 'OPEN',
        note: null,
        decidedAt: null,
      }),
    ])
    expect(JSON.parse(record.data.quarantine.nodes[0].raw)).toEqual({ number: 3, name: 3 })
  })

  it('is found by source, dataset, code and column, page by page', async () => {
    const count = async (filter: string) => (await server.ask(`{ quarantine${filter} { totalCount } }`)).data.quarantine.totalCount
    expect(await count('')).toBe(2)
    expect(await count('(source: "two", dataset: "items")')).toBe(1)
    expect(await count('(dataset: "nothing")')).toBe(0)
    expect(await count('(column: "")')).toBe(0)
    expect(await count('(state: DISCARDED)')).toBe(0)
    const page = 'nodes { sourceSlug } pageInfo { hasNextPage endCursor }'
    const first = (await server.ask(`{ quarantine(first: 1) { ${page} } }`)).data.quarantine
    const next = `query ($after: String) { quarantine(first: 1, after: $after) { ${page} } }`
    const second = (await server.ask(next, { after: first.pageInfo.endCursor })).data.quarantine
    expect([...first.nodes, ...second.nodes]).toEqual([{ sourceSlug: 'two' }, { sourceSlug: 'one' }])
    expect([first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([true, false])
  })

  it('can be given up with a note and brought back, and the state of the source follows', async () => {
    const state = async () => (await server.ask('{ source(slug: "two") { state quarantined } }')).data.source
    expect(await state()).toEqual({ state: 'SET_ASIDE', quarantined: 1 })
    const { data } = await server.ask(
      `mutation { discardQuarantine(source: "two", dataset: "items", code: "ROW_INVALID", column: "name", note: "Known since May.") { count decidedAt } }`,
    )
    const { count, decidedAt } = data.discardQuarantine
    expect(count).toBe(1)
    expect(await state()).toEqual({ state: 'ON_TIME', quarantined: 0 })
    const given = await server.ask(`{
      quarantineDiscarded(source: "two") { totalCount nodes { sourceSlug dataset count note decidedAt newest { ${RECORD} } } }
      quarantine(source: "two", state: DISCARDED) { nodes { ${RECORD} } } }`)
    const [record] = given.data.quarantine.nodes
    expect(record).toMatchObject({ state: 'DISCARDED', note: 'Known since May.', decidedAt })
    expect(given.data.quarantineDiscarded).toEqual({
      totalCount: 1,
      nodes: [{ sourceSlug: 'two', dataset: 'items', count: 1, note: 'Known since May.', decidedAt, newest: record }],
    })
    const undo = 'mutation ($at: DateTime!) { restoreQuarantine(source: "two", decidedAt: $at) { count } }'
    expect((await server.ask(undo, { at: '2020-01-01T00:00:00Z' })).data.restoreQuarantine.count).toBe(0)
    expect((await server.ask(undo, { at: decidedAt })).data.restoreQuarantine.count).toBe(1)
    expect(await state()).toEqual({ state: 'SET_ASIDE', quarantined: 1 })
  })

  it('is run again by a load of its own, and stays when it still does not fit', async () => {
    const { data } = await server.ask('mutation { replayQuarantine(source: "one") { id trigger } }')
    expect(data.replayQuarantine.trigger).toBe('REPLAY')
    await server.handover.loads.idle()
    const { load, source } = (
      await server.ask(
        `query ($id: ID!) { source(slug: "one") { quarantined }
        load(id: $id) { state pages balance { dataset read made quarantinedRows balances } log { message } } }`,
        {
          id: data.replayQuarantine.id,
        },
      )
    ).data
    expect(load).toMatchObject({
      state: 'SUCCEEDED',
      pages: 0,
      balance: [{ dataset: 'items', read: 1, made: 1, quarantinedRows: 1, balances: true }],
    })
    expect(load.log.map(({ message }: { message: string }) => message)).toContain('Started to run again what was set aside.')
    expect(source.quarantined).toBe(1)
    expect((await server.ask('mutation { replayQuarantine(source: "one", dataset: "nothing") { id } }')).data.replayQuarantine).toBeNull()
  })

  it.each<[string, string, string]>([
    ['replayQuarantine(source: "three") { id }', 'NOT_FOUND', 'three'],
    ['discardQuarantine(source: "one", note: "  ") { count }', 'REQUEST_INVALID', 'Write down why'],
    [`discardQuarantine(source: "one", note: "${'x'.repeat(1001)}") { count }`, 'REQUEST_INVALID', '1000 characters'],
    ['discardQuarantine(note: "All of them.") { count }', 'REQUEST_INVALID', 'Say which entries'],
    ['discardQuarantine(ids: ["x"], note: "This one.") { count }', 'REQUEST_INVALID', 'not the id'],
    ['restoreQuarantine { count }', 'REQUEST_INVALID', 'Say which entries'],
  ])('refuses %s in words', async (mutation, code, said) => {
    const { errors } = await server.ask(`mutation { ${mutation} }`)
    expect(errors![0]).toMatchObject({ extensions: { code }, message: expect.stringContaining(said) })
    expect((await server.ask('{ quarantine { totalCount } }')).data.quarantine.totalCount).toBe(2)
  })
})
