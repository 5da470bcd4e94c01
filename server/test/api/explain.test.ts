import { describe, expect, it } from 'vitest'
import { connectorFolder } from './connector-folder.ts'
import { startServer, type TestServer } from './server.ts'

const STEPS = 'kind title technicalTitle number counts plain technical'
const stepsOf = async (server: TestServer, source: string) =>
  (await server.ask(`{ dataset(source: "${source}", name: "items") { howItWorks { ${STEPS} } } }`)).data.dataset.howItWorks

describe('how a dataset works', () => {
  it('is told twice with the same figures, from the source to the screen', async () => {
    await using server = await startServer()
    await server.shelf('one', { rows: 30, bad: true })
    const steps = await stepsOf(server, 'one')
    expect(steps.map(({ kind, number }: { kind: string; number: number }) => [kind, number])).toEqual([
      ['SOURCE', 30],
      ['LAKE', 30],
      ['RULES', 1],
      ['TABLE', 29],
      ['SCREEN', null],
    ])
    const [source, lake, rules, table, screen] = steps
    expect(source.plain).toBe(
      'Items with one column of every kind, for tests of the API. It is asked only when somebody asks for it. The data belong to Shelf Ltd (free).',
    )
    expect(source.technical).toContain('Shelf one: connector shelf, stream items. One record per item.')
    expect(lake.plain).toMatch(/^1 answer with 30 records is kept word for word since \d+ \w+ 20\d\d\. /)
    expect(lake.technical).toContain('lake/one/items')
    expect(rules.plain).toContain('The last load read 30 records: 30 fitted. 1 entry set aside and waiting for a person.')
    expect(rules.technical).toContain('Key: id. read 30 = transformed 30 + filtered 0 + quarantined 0.')
    expect(table.plain).toContain('The last load added 29 rows.')
    expect(table.technical).toContain(
      'Table one__items, load: merge. made 30 = inserted 29 + updated 0 + unchanged 0 + superseded 0 + quarantined 1; removed 0.',
    )
    const question = /\{ .* \}/.exec(screen.technical)![0].replace('nodes { … }', 'nodes { id }')
    expect((await server.ask(question)).data.one.items.totalCount).toBe(29)
    const file = /\/export\/\S+csv/.exec(screen.technical)![0]
    expect((await fetch(server.url + file)).status).toBe(200)
  })

  it('says what is not there yet, and refuses a time zone that there is not', async () => {
    await using server = await startServer()
    const input = { slug: 'fresh', title: 'Fresh', connector: 'shelf', config: {}, paused: true, schedule: { every: 120 } }
    await server.ask('mutation ($input: CreateSource!) { createSource(input: $input) { slug } }', { input })
    const [source, lake, rules, table] = await stepsOf(server, 'fresh')
    expect([source.number, source.plain]).toEqual([null, expect.stringContaining('It is paused')])
    expect([lake.number, lake.plain]).toEqual([0, expect.stringContaining('Nothing is kept here yet.')])
    expect(rules.plain).toContain('Nothing is set aside.')
    expect([table.number, table.plain]).toEqual([0, expect.stringContaining('No load has filled it yet.')])
    const refused = await server.ask('{ dataset(source: "fresh", name: "items") { howItWorks(timeZone: "+01:00") { title } } }')
    expect(refused.errors![0]!.message).toContain('There is no time zone "+01:00"')
  })
})

describe('what changed', () => {
  it('is told of each load in words, also when nothing did', async () => {
    await using connectors = await connectorFolder()
    await connectors.write('steady')
    await using server = await startServer({ HANDOVER_CONNECTORS: connectors.path })
    const began = new Date().toISOString()
    const input = { slug: 'steady', title: 'Steady', connector: 'steady', config: {} }
    await server.ask('mutation ($input: CreateSource!) { createSource(input: $input) { slug } }', { input })
    await server.handover.loads.idle()
    const again = async () => {
      await server.ask('mutation { loadNow(source: "steady") { id } }')
      await server.handover.loads.idle()
      return (await server.ask('{ source(slug: "steady") { lastLoad { changes } } }')).data.source.lastLoad.changes
    }
    expect(await again()).toEqual(['Items: the load changed nothing: it found 1 as before. There is 1 row now.'])
    const columns = `colour: z.string().max(20).nullish().describe('Colour')`
    await connectors.write('steady', { columns, extract: `yield { records: [{ id: 1, colour: 'red' }, { id: 2, colour: 'blue' }] }` })
    await server.ask('mutation { reloadConnectors { changed } }')
    const between = new Date().toISOString()
    expect(await again()).toEqual(['Items: the load added 1 row and changed 1. There are 2 rows now.', 'Items: a new column, colour.'])
    expect(await again()).toEqual(['Items: the load changed nothing: it found 2 as before. There are 2 rows now.'])
    const first = (await server.ask('{ loads(source: "steady") { nodes { changes } } }')).data.loads.nodes.at(-1)
    expect(first.changes).toEqual(['Items: the load added 1 row. There is 1 row now.'])

    const since = async (at: string) =>
      (await server.ask(`{ changedSince(since: "${at}") { sourceSlug dataset loads inserted updated removed setAside columns text } }`))
        .data.changedSince
    expect(await since(began)).toEqual([
      {
        ...{ sourceSlug: 'steady', dataset: 'items', loads: 4, inserted: 2, updated: 1, removed: 0, setAside: 0, columns: ['colour'] },
        text: '2 rows added and 1 row changed, in 4 loads. New column: colour.',
      },
    ])
    expect((await since(between))[0]).toMatchObject({ loads: 2, inserted: 1, columns: [] })
    expect(await since(new Date(Date.now() + 60_000).toISOString())).toEqual([])
  })
})

describe('what a column holds', () => {
  it('is told with an example, since when, and when last; no example of a person', async () => {
    await using connectors = await connectorFolder()
    const columns = `nick: z.string().max(20).nullish().meta({ personal: true }).describe('Nickname')`
    await connectors.write('steady', { columns, extract: `yield { records: [{ id: 7, nick: 'Bo' }] }` })
    await using server = await startServer({ HANDOVER_CONNECTORS: connectors.path })
    await server.ask('mutation { createSource(input: { slug: "steady", title: "S", connector: "steady", config: {} }) { slug } }')
    await server.handover.loads.idle()
    const facts = async () =>
      (await server.ask('{ dataset(source: "steady", name: "items") { columns { name facts { example since lastAt empty } } } }')).data
        .dataset.columns
    const [id, nick] = await facts()
    expect(id.facts).toMatchObject({ example: '7', empty: 0 })
    expect(nick.facts).toMatchObject({ example: null, empty: 0 })
    expect(Date.parse(id.facts.since)).toBeLessThanOrEqual(Date.parse(id.facts.lastAt))
    await connectors.write('steady', { columns, extract: `yield { records: [{ id: 7, nick: null }, { id: 8, nick: null }] }` })
    await server.ask('mutation { reloadConnectors { changed } loadNow(source: "steady") { id } }')
    await server.handover.loads.idle()
    const [, now] = await facts()
    expect(now.facts).toMatchObject({ empty: 2, lastAt: null, since: nick.facts.since })
  })
})
