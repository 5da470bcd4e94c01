import { access, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from '../../src/app/config.ts'
import { startServer, type Answer, type TestServer } from './server.ts'

const folders = [...['connectors', 'trying'].map((name) => fileURLToPath(new URL(name, import.meta.url))), join(ROOT, 'connectors')]
let server: TestServer

beforeAll(async () => {
  server = await startServer({ HANDOVER_CONNECTORS: folders.join() })
  const folder = join(server.folder, 'files/shops')
  await mkdir(folder, { recursive: true })
  const lines = Array.from({ length: 14 }, (_, index) => `${index + 1},Shop ${index + 1},${index}.50`)
  await writeFile(join(folder, 'shops.csv'), `id,name,sum\n${lines.join('\n')}\n`)
}, 30_000)
afterAll(() => server[Symbol.asyncDispose]())

/** Asks a question that must succeed. */
async function ask(query: string, variables?: Record<string, unknown>): Promise<Answer['data']> {
  const { data, errors } = await server.ask(query, variables)
  expect(errors).toBeUndefined()
  return data
}

const PREVIEW = `mutation ($input: TestSource, $source: String, $first: Int! = 10) {
  previewSource(input: $input, source: $source, first: $first) {
    dataset title columns { name title kind unit nullable key personal } rows shown records filtered
    faults { column reason raw rawCut } faultCount complete note
  }
}`

describe('a preview', () => {
  it('shows the first rows of settings that are not kept, with their columns, and says that there is more', async () => {
    const { previewSource } = await ask(PREVIEW, { input: { connector: 'files', config: { folder: 'shops' } } })
    expect(previewSource).toHaveLength(1)
    const [shops] = previewSource
    expect(shops).toMatchObject({ dataset: 'shops', shown: 10, records: 10, faultCount: 0, complete: false })
    expect(shops.note).toBe('Showing the first 10 rows; the source has more.')
    expect(shops.rows[0]).toMatchObject({ id: 1, name: 'Shop 1' })
    expect(shops.columns.find((column: { name: string }) => column.name === 'id')).toMatchObject({ kind: 'int', key: true })
    expect(await ask('{ sources { slug } datasets { name } }')).toEqual({ sources: [], datasets: [] })
  })

  it('says when it shows everything', async () => {
    const { previewSource } = await ask(PREVIEW, { input: { connector: 'files', config: { folder: 'shops' } }, first: 50 })
    expect(previewSource[0]).toMatchObject({ shown: 14, complete: true, note: 'Showing all 14 rows that the source has now.' })
  })

  it('keeps every digit, and shows what would be set aside word for word', async () => {
    const { previewSource } = await ask(PREVIEW, { input: { connector: 'shelf', config: { rows: 6, bad: true } } })
    const [items] = previewSource
    expect(items).toMatchObject({ shown: 5, records: 6, faultCount: 1, complete: true })
    expect(items.rows[1]).toMatchObject({ price: '1.50', big: '1152921504606846977', tags: '{"number":1,"exact":12345678901234567890}' })
    expect(items.faults).toEqual([{ column: 'name', reason: expect.stringContaining('name'), raw: '{"number":3,"name":3}', rawCut: false }])
  })

  it('reads an existing source with its own settings', async () => {
    await server.shelf('shelf-a', { rows: 2, token: 'hush-hush' })
    expect((await ask(PREVIEW, { source: 'shelf-a' })).previewSource[0]).toMatchObject({ shown: 2, complete: true })
  })

  it('puts faults beside the setting, and refuses half a question', async () => {
    const missing = await server.ask(PREVIEW, { input: { connector: 'files', config: { folder: 'nowhere' } } })
    const message = 'There is no folder "nowhere" below the files folder.'
    expect(missing.errors).toMatchObject([{ message, extensions: { code: 'CONFIG_INVALID', fields: [{ name: 'folder', message }] } }])
    const up = await server.ask(PREVIEW, { input: { connector: 'files', config: { folder: '../other' } } })
    expect(up.errors![0]!.extensions.fields).toMatchObject([{ name: 'folder' }])
    for (const variables of [{}, { source: 'shelf-a', first: 101 }, { source: 'shelf-a', first: 0 }]) {
      expect((await server.ask(PREVIEW, variables)).errors![0]!.extensions.code).toBe('REQUEST_INVALID')
    }
    expect((await server.ask(PREVIEW, { source: 'nobody' })).errors![0]!.extensions.code).toBe('NOT_FOUND')
  })
})

it('is called off at the source when the one who asked goes away', async () => {
  const controller = new AbortController()
  const query = 'mutation { testSource(input: { connector: "slow", config: {} }) { ok } }'
  const asked = fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
    signal: controller.signal,
  })
  const left = (name: string) =>
    access(join(server.folder, 'files', name)).then(
      () => true,
      () => false,
    )
  await expect.poll(() => left('called'), { timeout: 10_000, interval: 20 }).toBe(true)
  controller.abort()
  await expect(asked).rejects.toThrow(/abort/i)
  await expect.poll(() => left('called-off'), { timeout: 10_000, interval: 20 }).toBe(true)
})

describe('a schedule that is not kept yet', () => {
  const DESCRIBE = 'query ($schedule: ScheduleInput) { describeSchedule(schedule: $schedule) { text next } }'
  const gaps = (next: string[]) => next.slice(1).map((at, index) => Date.parse(at) - Date.parse(next[index]!))

  it('is said in words, with its next three times', async () => {
    const every = (await ask(DESCRIBE, { schedule: { every: 900 } })).describeSchedule
    expect(every.text).toBe('Every 15 minutes')
    expect(gaps(every.next)).toEqual([900_000, 900_000])
    const weekly = (await ask(DESCRIBE, { schedule: { cron: '30 6 * * 1', timeZone: 'UTC' } })).describeSchedule
    expect(weekly.text).toBe('Every Monday at 06:30, UTC')
    expect(weekly.next).toHaveLength(3)
    for (const at of weekly.next) expect([new Date(at).getUTCDay(), at.slice(11, 16)]).toEqual([1, '06:30'])
    expect((await ask(DESCRIBE)).describeSchedule).toEqual({ text: 'Only when somebody asks for it', next: [] })
  })

  it.each([
    [{ every: 30 }, 'every', /from 60 to/],
    [{ cron: 'often', timeZone: 'UTC' }, 'cron', /five fields/],
    [{ cron: '0 25 * * *', timeZone: 'UTC' }, 'cron', /can be read/],
    [{ cron: '0 0 31 2 *', timeZone: 'UTC' }, 'cron', /never due/],
    [{ cron: '0 6 * * *', timeZone: 'Mars' }, 'timeZone', /IANA/],
  ])('that is wrong (%j) names the part %s', async (schedule, name, message) => {
    const { errors } = await server.ask(DESCRIBE, { schedule })
    expect(errors![0]!.extensions.fields).toEqual([{ name, message: expect.stringMatching(message) }])
  })
})

describe('the name of a new source', () => {
  const problem = async (slug: string) => (await ask('query ($slug: String!) { slugProblem(slug: $slug) }', { slug })).slugProblem
  const suggest = async (title: string) => (await ask('query ($title: String!) { suggestSlug(title: $title) }', { title })).suggestSlug

  it('is made from its title, and is free', async () => {
    expect(await suggest('Väder i Göteborg')).toBe('vader-i-goteborg')
    expect(await suggest('2026: Sales & more!')).toBe('sales-more')
    expect(await suggest('!')).toBe('new-source')
    expect(await suggest('Sources')).toBe('sources-2')
    const long = await suggest('An extraordinarily long title that no slug can hold')
    expect(await problem(long)).toBeNull()
    await server.shelf('prices', { rows: 1 })
    expect(await suggest('Prices')).toBe('prices-2')
  })

  it('says what is wrong with it', async () => {
    expect(await problem('web-shop')).toBeNull()
    expect(await problem('Web shop')).toMatch(/small letters/)
    expect(await problem('sources')).toMatch(/word of the API/)
    expect(await problem('new')).toMatch(/dashboard itself/)
    expect(await problem('prices')).toMatch(/already/)
  })

  it('is refused beside its field when it is taken, reserved, or holds kept tables', async () => {
    const create = (slug: string) =>
      server.ask('mutation ($input: CreateSource!) { createSource(input: $input) { slug } }', {
        input: { slug, title: 'Again', connector: 'shelf', config: {} },
      })
    await server.shelf('left', { rows: 3 })
    await ask('mutation { deleteSource(slug: "left") }')
    expect(await problem('left')).toMatch(/are still kept/)
    for (const slug of ['prices', 'sources', 'left']) {
      expect((await create(slug)).errors![0]!.extensions.fields).toMatchObject([{ name: 'slug' }])
    }
    const { keptTables } = await ask('{ keptTables { sourceSlug name table rows sourceRemoved } }')
    expect(keptTables).toEqual([{ sourceSlug: 'left', name: 'items', table: 'left__items', rows: 3, sourceRemoved: true }])
    await ask('mutation { deleteSource(slug: "left", removeTables: "left") }')
    expect((await ask('{ keptTables { table } }')).keptTables).toEqual([])
    expect(await problem('left')).toBeNull()
  })
})

describe('faults of a source', () => {
  it('are named by their place in the input', async () => {
    const create = async (input: object) => {
      const whole = { slug: 'faulty', title: 'Faulty', connector: 'shelf', config: {}, ...input }
      const { errors } = await server.ask('mutation ($input: CreateSource!) { createSource(input: $input) { slug } }', { input: whole })
      return errors![0]!.extensions.fields!.map(({ name }) => name)
    }
    expect(await create({ title: ' ' })).toEqual(['title'])
    expect(await create({ config: { rows: 'many', bad: 3, title: 'x' } })).toEqual(['config.title', 'config.rows', 'config.bad'])
    expect(await create({ schedule: { every: 30 } })).toEqual(['schedule.every'])
    expect(await create({ connector: 'files', config: { folder: 'nowhere' } })).toEqual(['config.folder'])
  })
})
