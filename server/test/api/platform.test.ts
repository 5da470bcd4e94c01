import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type Answer, type TestServer } from './server.ts'

let server: TestServer

beforeAll(async () => {
  server = await startServer()
  await server.shelf('shop', { rows: 10, bad: true, token: 'hush-hush' })
}, 30_000)
afterAll(() => server[Symbol.asyncDispose]())

/** Asks a question that must succeed. */
async function ask(query: string, variables?: Record<string, unknown>): Promise<Answer['data']> {
  const { data, errors } = await server.ask(query, variables)
  expect(errors).toBeUndefined()
  return data
}

describe('connectors', () => {
  it('show the form that a source is made with', async () => {
    const { connector } = await ask(
      '{ connector(name: "shelf") { title ready problem invented form { name kind required defaultValue min max } } }',
    )
    expect(connector).toMatchObject({ title: 'Shelf', ready: true, problem: null, invented: true })
    expect(connector.form).toEqual([
      { name: 'rows', kind: 'NUMBER', required: false, defaultValue: 10, min: 0, max: 100000 },
      { name: 'bad', kind: 'BOOLEAN', required: false, defaultValue: false, min: null, max: null },
      { name: 'token', kind: 'SECRET', required: false, defaultValue: null, min: null, max: null },
    ])
    expect((await ask('{ connectors { name } }')).connectors).toEqual([{ name: 'clash' }, { name: 'shelf' }])
    expect((await ask('{ connector(name: "nothing") { name } }')).connector).toBeNull()
  })
})

describe('a source', () => {
  it('never shows its secrets, only whether they are set', async () => {
    const { source } = await ask('{ source(slug: "shop") { config } }')
    expect(source.config).toEqual({ rows: 10, bad: true, token: 'set' })
  })

  it('says how it is in a word and in a sentence', async () => {
    const { source } = await ask('{ source(slug: "shop") { state stateSince stateText quarantined lastLoad { id } lastSuccess { id } } }')
    expect(source).toMatchObject({ state: 'SET_ASIDE', stateText: expect.stringMatching(/1 row .*set aside/), quarantined: 1 })
    expect(source.lastLoad).toEqual(source.lastSuccess)
  })

  it('is tested without being kept', async () => {
    const test =
      'mutation ($config: JSON!) { testSource(input: { connector: "shelf", config: $config }) { ok message fields { name message } } }'
    expect((await ask(test, { config: {} })).testSource).toEqual({ ok: true, message: 'It works.', fields: [] })
    expect((await ask(test, { config: { rows: 'many' } })).testSource).toMatchObject({ ok: false, fields: [{ name: 'rows' }] })
    expect((await ask(test, { config: { token: 'wrong' } })).testSource).toEqual({
      ok: false,
      message: 'The token [removed] is not known.',
      fields: [],
    })
  })

  it('is planned, paused and given other settings', async () => {
    const update =
      'mutation ($input: UpdateSource!) { updateSource(slug: "shop", input: $input) { title paused config schedule { every cron } scheduleText nextLoadAt } }'
    const planned = (await ask(update, { input: { schedule: { every: 3600 } } })).updateSource
    expect(planned).toMatchObject({ paused: false, schedule: { every: 3600, cron: null }, scheduleText: 'Every hour' })
    const due = await ask('query ($from: DateTime!, $to: DateTime!) { source(slug: "shop") { due(from: $from, to: $to) } }', {
      from: planned.nextLoadAt,
      to: new Date(Date.parse(planned.nextLoadAt) + 3 * 3600_000).toISOString(),
    })
    expect(due.source.due).toHaveLength(3)
    expect(due.source.due[0]).toBe(planned.nextLoadAt)
    expect((await ask(update, { input: { paused: true } })).updateSource).toMatchObject({ paused: true, nextLoadAt: null })
    const named = (await ask(update, { input: { title: 'Corner shop', paused: false, schedule: null, config: { rows: 10, bad: true } } }))
      .updateSource
    expect(named).toMatchObject({ title: 'Corner shop', schedule: null, nextLoadAt: null, config: { token: 'set' } })
  })

  it('with a wrong schedule is refused, naming the part', async () => {
    const { errors } = await server.ask('mutation { updateSource(slug: "shop", input: { schedule: { every: 5 } }) { slug } }')
    expect(errors![0]!.extensions).toMatchObject({ code: 'CONFIG_INVALID', fields: [{ name: 'schedule.every' }] })
  })

  it('that is removed keeps its tables unless its name is typed again', async () => {
    await server.shelf('gone', { rows: 2 })
    expect((await server.ask('mutation { deleteSource(slug: "gone", removeTables: "other") }')).errors![0]!.extensions.code).toBe(
      'CONFIG_INVALID',
    )
    await ask('mutation { deleteSource(slug: "gone") }')
    expect(await ask('{ source(slug: "gone") { slug } datasets { sourceSlug } }')).toEqual({
      source: null,
      datasets: [{ sourceSlug: 'shop' }],
    })
    const { errors } = await server.ask(
      'mutation { createSource(input: { slug: "gone", title: "Again", connector: "shelf", config: {} }) { slug } }',
    )
    expect(errors![0]).toMatchObject({ message: expect.stringContaining('are still kept'), extensions: { code: 'CONFLICT' } })
    await ask('mutation { deleteSource(slug: "gone", removeTables: "gone") }')
    await server.shelf('gone', { rows: 2 })
    expect((await ask('{ gone { items { totalCount } } }')).gone.items.totalCount).toBe(2)
    await ask('mutation { deleteSource(slug: "gone", removeTables: "gone") }')
  })
})

describe('a load', () => {
  it('accounts for every record and row', async () => {
    const { loads } = await ask(
      '{ loads(source: "shop", first: 1) { nodes { sourceSlug trigger state pages records error { code } balance { dataset read made inserted quarantinedRows balances } log { level message } } totalCount } }',
    )
    const [load] = loads.nodes
    expect(load).toMatchObject({ sourceSlug: 'shop', trigger: 'FIRST', state: 'SUCCEEDED', pages: 1, records: 10, error: null })
    expect(load.balance).toEqual([{ dataset: 'items', read: 10, made: 10, inserted: 9, quarantinedRows: 1, balances: true }])
    expect(load.log.length).toBeGreaterThan(1)
  })

  it('runs when somebody asks, and shows in the trend', async () => {
    const { loadNow } = await ask('mutation { loadNow(source: "shop") { id trigger state } }')
    expect(loadNow).toMatchObject({ trigger: 'PERSON' })
    await server.handover.loads.idle()
    const { load, dataset } = await ask(
      'query ($id: ID!) { load(id: $id) { state source { slug } balance { unchanged } } dataset(source: "shop", name: "items") { trend { rows } rows } }',
      { id: loadNow.id },
    )
    expect(load).toEqual({ state: 'SUCCEEDED', source: { slug: 'shop' }, balance: [{ unchanged: 9 }] })
    expect(dataset).toEqual({ rows: 9, trend: [{ rows: 9 }, { rows: 9 }] })
  })

  it('that has ended cannot be cancelled, and one that never was is nothing', async () => {
    const { loads } = await ask('{ loads(first: 1) { nodes { id state } pageInfo { hasNextPage endCursor } } }')
    const [{ id, state }] = loads.nodes
    expect((await ask('mutation ($id: ID!) { cancelLoad(id: $id) { state } }', { id })).cancelLoad.state).toBe(state)
    expect((await ask('{ load(id: "none") { id } }')).load).toBeNull()
    const rest = await ask('query ($after: String!) { loads(after: $after) { nodes { id } } }', { after: loads.pageInfo.endCursor })
    expect(rest.loads.nodes.map((load: { id: string }) => load.id)).not.toContain(id)
  })
})

it('shows what was set aside, with what the source said', async () => {
  const { quarantine } = await ask('{ quarantine(source: "shop") { nodes { sourceSlug dataset code column reason raw } totalCount } }')
  expect(quarantine).toEqual({
    nodes: [
      {
        sourceSlug: 'shop',
        dataset: 'items',
        code: 'ROW_INVALID',
        column: 'name',
        reason: expect.any(String),
        raw: '{"number":3,"name":3}',
      },
    ],
    totalCount: 1,
  })
})

it('says whose data it is, of a connector, a source and a dataset', async () => {
  const provider = 'provider { name url licence licenceUrl attribution }'
  const data = await ask(
    `{ connector(name: "shelf") { ${provider} } source(slug: "shop") { ${provider} } dataset(source: "shop", name: "items") { ${provider} } }`,
  )
  const said = { name: 'Shelf Ltd', url: 'https://shelf.example/data', licence: 'free', licenceUrl: null, attribution: 'Items by Shelf' }
  expect(data).toEqual({ connector: { provider: said }, source: { provider: said }, dataset: { provider: said } })
})

it('describes a dataset and its columns, and counts what they hold when asked', async () => {
  const { dataset } = await ask(
    '{ dataset(source: "shop", name: "items") { table sourceField field type load key invented quarantined columns { name kind nullable key unit role facts { empty distinct min max } } } }',
  )
  expect(dataset).toMatchObject({
    table: 'shop__items',
    sourceField: 'shop',
    field: 'items',
    type: 'Data_shop_items',
    load: 'merge',
    key: ['id'],
    invented: true,
    quarantined: 1,
  })
  expect(dataset.columns[0]).toEqual({
    name: 'id',
    kind: 'int',
    nullable: false,
    key: true,
    unit: null,
    role: 'identifier',
    facts: { empty: 0, distinct: 9, min: '0', max: '9' },
  })
  expect(dataset.columns[1]).toMatchObject({ name: 'name', role: 'label', facts: { empty: 2 } })
  expect(dataset.columns.at(-1).name).toBe('null_')
})

it('says which server this is', async () => {
  const { platform } = await ask('{ platform { version startedAt timeZone lakeParts lakeBytes filesFolder } }')
  expect(platform).toMatchObject({ version: expect.stringMatching(/^\d+\.\d+\.\d+$/), filesFolder: `${server.folder}/files` })
  expect(platform.lakeParts).toBeGreaterThan(0)
  expect(platform.lakeBytes).toBeGreaterThan(0)
})

it('keeps secrets out of answers, log and lake', async () => {
  const everything = await ask(
    '{ sources { config stateText loads(first: 5) { log(first: 50) { message fields } error { message detail } } } connectors { form { name defaultValue } } }',
  )
  expect(JSON.stringify(everything) + server.logged.join('')).not.toContain('hush-hush')
})
