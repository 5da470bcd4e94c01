import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type TestServer } from './server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
  await server.shelf('shop', { rows: 10, bad: true })
  await server.shelf('attic')
  await server.ask('mutation { loadNow(source: "shop") { id } }')
  await server.handover.loads.idle()
}, 30_000)
afterAll(() => server[Symbol.asyncDispose]())

async function ask(query: string, variables?: Record<string, unknown>): Promise<any> {
  const { data, errors } = await server.ask(query, variables)
  expect(errors).toBeUndefined()
  return data
}

describe('loads', () => {
  it('say how far they came, how long they took, and which ones stand beside them', async () => {
    const { loads } = await ask(
      `{ loads(source: "shop") { totalCount nodes { id stage checked records duration waits answer answeredAt previous { id } next { id } balance { rowsBefore rowsOffered } } } }`,
    )
    const [second, first] = loads.nodes
    expect(loads.totalCount).toBe(2)
    expect(second).toMatchObject({ stage: 'ENDED', checked: 10, records: 10, waits: false, answer: null, answeredAt: null, next: null })
    expect([second.previous, first.next, first.previous]).toEqual([{ id: first.id }, { id: second.id }, null])
    expect(second.duration).toBeGreaterThanOrEqual(0)
    expect(second.balance).toEqual([{ rowsBefore: null, rowsOffered: null }])
  })

  it('are narrowed and paged both ways', async () => {
    const list = `query ($state: [LoadState!], $trigger: LoadTrigger, $since: DateTime, $first: Int, $after: String, $before: String) {
      loads(state: $state, trigger: $trigger, since: $since, first: $first, after: $after, before: $before) {
        totalCount newer pageInfo { endCursor hasNextPage } nodes { sourceSlug trigger }
      }
    }`
    const get = async (variables: Record<string, unknown>) => (await ask(list, variables)).loads
    const newest = await get({ first: 1 })
    expect(newest).toMatchObject({ totalCount: 3, newer: null, nodes: [{ sourceSlug: 'shop', trigger: 'PERSON' }] })
    const older = await get({ first: 1, after: newest.pageInfo.endCursor })
    expect(older.nodes).toMatchObject([{ sourceSlug: 'attic' }])
    expect(await get({ first: 1, before: older.newer })).toEqual(newest)
    expect(await get({ trigger: 'FIRST', state: ['SUCCEEDED', 'FAILED'] })).toMatchObject({ totalCount: 2 })
    expect(await get({ state: ['HELD'] })).toMatchObject({ totalCount: 0 })
    expect(await get({ since: '2999-01-01T00:00:00Z' })).toMatchObject({ totalCount: 0 })
  })

  it('that do not wait cannot be answered', async () => {
    const { loads } = await ask('{ loads(first: 1) { nodes { id } } }')
    for (const mutation of ['acceptLoad', 'dismissLoad']) {
      const { errors } = await server.ask(`mutation ($id: ID!) { ${mutation}(id: $id) { id } }`, { id: loads.nodes[0].id })
      expect(errors![0]).toMatchObject({ message: 'This load does not wait for an answer.', extensions: { code: 'CONFLICT' } })
    }
  })
})
