import { defineConnector, image, secret, SourceError, type Connector, type Discovery, type DatasetShape } from '@handover/sdk'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { giving, listed, records } from './listed.ts'
import { TestLoads } from './test-loads.ts'

const svg = (text: string) => new TextEncoder().encode(`<svg xmlns="http://www.w3.org/2000/svg"><text>${text}</text></svg>`)

/** People with a face each; `fails` says which faces cannot be had. */
function faces(fails: Set<string>, asked: string[]): Connector {
  const columns = z.object({ id: z.int().describe('Number'), face: image().describe('Face') })
  return defineConnector({
    ...{ name: 'faces', title: 'Faces', about: 'For a test.', config: z.object({}) },
    streams: { people: { about: 'People.', extract: giving({ records: [{ id: 1 }, { id: 2 }, { id: 3 }], cursor: 1 }, { records: [] }) } },
    datasets: {
      people: {
        from: 'people',
        about: 'People.',
        key: ['id'],
        load: 'merge',
        columns,
        transform: ({ id }) => ({ id, face: `face-${id}` }),
      },
    },
    media: async (key) => {
      asked.push(key)
      if (fails.has(key)) throw new SourceError('No picture today.')
      return { bytes: svg(key), type: 'image/svg+xml' }
    },
  }) as unknown as Connector
}

describe('pictures', () => {
  it('are fetched once, and one that fails holds up no row and is tried again by the next load', async () => {
    const [fails, asked] = [new Set(['face-2']), [] as string[]]
    await using test = await TestLoads.open({ connectors: [faces(fails, asked)] })
    const { source, load } = await test.firstLoad('faces')
    expect(load.state).toBe('succeeded')
    expect(await test.rows(source, 'people')).toHaveLength(3)
    expect(asked.toSorted()).toEqual(['face-1', 'face-2', 'face-3'])
    expect(await test.lake.getMedia('faces', 'face-1')).toMatchObject({ type: 'image/svg+xml' })
    expect((await test.log(load)).find(({ level }) => level === 'warning')).toMatchObject({
      fields: { key: 'face-2', reason: 'No picture today.' },
    })
    fails.clear()
    await test.load(source)
    expect(asked).toHaveLength(4)
    expect(await test.lake.getMedia('faces', 'face-2')).toMatchObject({ type: 'image/svg+xml' })
    await test.load(source)
    expect(asked).toHaveLength(4)
  })
})

/** A connector that finds what `found` says. */
function found(answer: { streams: Discovery['streams']; datasets: Discovery['datasets'] }): Connector {
  return defineConnector({
    ...{ name: 'found', title: 'Found', about: 'For a test.', config: z.object({}) },
    discover: async () => answer,
    async *extract(stream, { hint }) {
      yield { records: [{ id: '1', more: `${stream} ${String(hint)}` }] }
    },
    transform: (_, record) => record,
  }) as unknown as Connector
}

const shape = (...names: string[]): DatasetShape => ({
  ...{ name: 'lines', title: 'Lines', about: 'Lines.', from: 'file', key: ['id'], load: 'merge' },
  columns: names.map((name) => ({
    ...{ name, title: name, about: 'Text.', kind: 'text', nullable: name !== 'id', max: 100, precision: null, scale: null },
    ...{ values: null, unit: null, role: null, personal: false },
  })),
})

it('a source that has new columns gets them before its rows are written', async () => {
  const answer = { streams: [{ name: 'file', about: 'A file.', hint: 'a.csv' }], datasets: [shape('id')] }
  await using test = await TestLoads.open({ connectors: [found(answer)] })
  const { source } = await test.firstLoad('found')
  expect(await test.rows(source, 'lines')).toEqual([{ id: '1' }])
  answer.datasets = [shape('id', 'more')]
  const changes: string[] = []
  test.sources.onChanged(({ kind }) => void changes.push(kind))
  expect((await test.load(source)).state).toBe('succeeded')
  expect(await test.rows(await test.sources.get('found'), 'lines')).toEqual([{ id: '1', more: 'file a.csv' }])
  expect(changes).toEqual(['found'])
})

describe('the log of a load', () => {
  it('tells its story, without a secret and with at most 1,000 lines', async () => {
    const token = 'correct-horse'
    const chatty = listed({ a: giving({ records: records(1, 1) }) }, 'merge', {
      config: z.object({ token: secret().describe('Token') }),
      streams: {
        a: {
          about: 'For a test.',
          async *extract({ log }) {
            log(`Asked with ${token}.`, { header: `Bearer ${token}` })
            for (let line = 0; line < 1100; line++) log('Still there.', { line })
            throw new SourceError(`The shop does not like ${token}.`, { detail: `token=${token}` })
          },
        },
      },
    })
    await using test = await TestLoads.open({ connectors: [chatty] })
    const { load } = await test.firstLoad('listed', { token })
    const log = await test.log(load)
    expect(log).toHaveLength(1000)
    expect(log[0]).toMatchObject({ level: 'info', message: 'Started for the first time.' })
    expect(log.at(-1)).toMatchObject({ level: 'warning', message: expect.stringContaining('full') })
    expect(load).toMatchObject({ state: 'failed', errorMessage: 'The shop does not like [removed].', errorDetail: 'token=[removed]' })
    const everything = JSON.stringify([log, load, test.logged, await test.db.read.query('SELECT * FROM handover_load_log')])
    expect([everything.includes('Asked with [removed].'), everything.includes(token)]).toEqual([true, false])
  })
})

it('listeners are told of every state of a load, after it is stored', async () => {
  await using test = await TestLoads.open({ connectors: [listed({ a: giving({ records: records(1, 1) }) })] })
  const seen: Promise<string>[] = []
  test.loads.onChanged(({ loadId }) => void seen.push(test.loads.get(loadId).then(({ state }) => state)))
  await test.firstLoad('listed')
  expect(await Promise.all(seen)).toEqual(['queued', 'running', 'running', 'succeeded'])
})

it('lists are paged newest first, and can be of one source or dataset', async () => {
  await using test = await TestLoads.open({ connectors: [listed({ a: giving(), b: giving() })] })
  const { source } = await test.firstLoad('listed')
  for (let count = 0; count < 4; count++) await test.load(source)
  const first = await test.loads.list({ first: 2 })
  const second = await test.loads.list({ first: 2, after: first.endCursor })
  const third = await test.loads.list({ first: 2, after: second.endCursor })
  const ids = [...first.nodes, ...second.nodes, ...third.nodes].map(({ id }) => id)
  expect(ids).toEqual(ids.toSorted().reverse())
  expect([ids.length, first.totalCount, third.totalCount, third.hasNextPage]).toEqual([5, 5, 5, false])
  expect((await test.loads.list({ slug: 'listed', dataset: 'b', first: 10 })).totalCount).toBe(5)
  expect((await test.loads.list({ dataset: 'c', first: 10 })).totalCount).toBe(0)
  expect((await test.loads.list({ slug: 'other', first: 10 })).totalCount).toBe(0)
})
