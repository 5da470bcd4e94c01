import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { checkDiscovery } from './check-connector.ts'
import { date, decimal, image, instant, int64, json, secret } from './column-types.ts'
import { deleted, type Connector, type DatasetShape, type Page, type Provider } from './contract.ts'
import { defineConnector } from './define-connector.ts'
import { ConfigError } from './errors.ts'

const about = 'Something.'
const config = z.object({ size: z.int().default(3).describe('How many'), token: secret().optional().describe('Key') })
const columns = z.object({
  id: int64().describe('Number'),
  total: decimal(12, 2).describe('Sum'),
  placedAt: instant().nullable().describe('When'),
  email: z.email().max(254).optional().describe('Address'),
})

/** A connector without fault, to be bent by each test. */
function shop() {
  return {
    name: 'web-shop',
    title: 'Web shop',
    about,
    config,
    streams: {
      orders: {
        about,
        async *extract(): AsyncGenerator<Page> {
          yield { records: [] }
        },
      },
    },
    datasets: {
      orders: { from: 'orders' as const, about, key: ['id' as const], load: 'merge' as const, columns, transform: (): null => null },
    },
  }
}

/** The lines of the error that a declaration raises. */
function faultsOf(declaration: object): string[] {
  try {
    defineConnector(declaration as Parameters<typeof defineConnector>[0])
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    return (error as ConfigError).message.split('\n').slice(1)
  }
  return []
}

const withDataset = (change: object): string[] => faultsOf({ ...shop(), datasets: { orders: { ...shop().datasets.orders, ...change } } })
const withColumns = (shape: z.core.$ZodLooseShape, change: object = {}): string[] =>
  withDataset({ columns: z.object({ id: z.int().describe('Number'), ...shape }), ...change })

describe('defineConnector', () => {
  it('gives a frozen connector when nothing is wrong', () => {
    const connector: Connector = defineConnector(shop())
    expect(Object.isFrozen(connector)).toBe(true)
    expect(connector.name).toBe('web-shop')
  })

  it('tells all faults in one error, one line each', () => {
    const faults = faultsOf({
      ...shop(),
      name: 'Web Shop',
      title: '',
      config: z.object({ size: z.int() }),
      datasets: { Orders: shop().datasets.orders },
    })
    expect(faults).toEqual([
      '- Its name must be a small letter, then 1 to 30 small letters, digits or dashes.',
      '- It has no title.',
      "- Setting size has no description; add .describe('…').",
      '- Dataset Orders: its name must be a small letter, then at most 40 letters, digits or underscores.',
    ])
  })

  it.each([
    [{ name: ' ' }, 'has no name'],
    [{ licence: undefined }, 'has no licence'],
    [{ attribution: '' }, 'has no attribution'],
    [{ url: 'example.org/data' }, 'url must be a web address'],
    [{ url: 'javascript:alert(1)' }, 'url must be a web address'],
    [{ licenceUrl: 'ftp://example.org' }, 'licenceUrl must be a web address'],
    [{ name: 'x'.repeat(301) }, 'name is longer than 300'],
  ])('refuses a provider with %o, declared and discovered', (change, sentence) => {
    const right = { name: 'SMHI', url: 'https://www.smhi.se/data', licence: 'CC BY 4.0' }
    expect(faultsOf({ ...shop(), provider: right })).toEqual([])
    const provider = { ...right, ...change } as Provider
    expect(faultsOf({ ...shop(), provider })).toEqual([expect.stringContaining(sentence)])
    expect(() => checkDiscovery({ streams: [], datasets: [], provider })).toThrow(sentence)
  })

  it.each([
    [{ from: 'others' }, 'reads from others, which is no stream'],
    [{ key: [] }, 'load merge needs a key'],
    [{ load: 'append' }, 'an append has no key'],
    [{ load: 'history' }, 'load must be merge, append or replace'],
    [{ key: ['nobody'] }, 'key nobody: there is no such column'],
    [{ key: ['placedAt'] }, 'key placedAt: a key column cannot be empty'],
    [{ key: ['id', 'id'] }, 'names a column twice'],
    [{ about: ' ' }, 'no description'],
    [{ transform: undefined }, 'no transform'],
    [{ columns: z.string() }, 'columns must be z.object'],
  ])('refuses a dataset with %o', (change, sentence) => {
    expect(withDataset(change)).toEqual([expect.stringContaining(sentence)])
  })

  it.each([
    [{ _id: z.string().describe('x') }, 'column _id: a name starts with a letter'],
    [{ ['a'.repeat(64)]: z.string().describe('x') }, 'at most 63'],
    [{ ID: z.string().describe('x') }, 'columns id and ID differ only in capitals'],
    [{ note: z.string() }, 'column note has no description'],
    [
      {
        note: z
          .string()
          .describe('x')
          .meta({ role: 'boss' as 'time' }),
      },
      'has the role "boss"',
    ],
    [{ sum: decimal(19, 2).describe('x') }, '1 ≤ precision ≤ 18'],
    [{ sum: decimal(3, 4).describe('x') }, '0 ≤ scale ≤ precision'],
    [{ wide: z.string().max(16_000).describe('x'), too: z.string().max(1_000).describe('x') }, 'MySQL holds 65535'],
    [{ face: image().describe('x') }, 'needs media'],
  ])('refuses the column %o', (shape, sentence) => {
    expect(withColumns(shape)).toEqual([expect.stringContaining(sentence)])
  })

  it.each([
    [{ code: z.string().describe('x') }, 'needs .max(191)'],
    [{ code: z.string().max(192).describe('x') }, 'needs .max(191)'],
    [{ code: z.number().describe('x') }, 'floating point'],
    [{ code: json().describe('x') }, 'JSON is no key'],
  ])('refuses the key %o', (shape, sentence) => {
    expect(withColumns(shape, { key: ['code'] })).toEqual([expect.stringContaining(sentence)])
  })

  it('takes long texts that MySQL keeps outside of the row', () => {
    expect(
      withColumns({
        one: z.string().describe('x'),
        two: z.string().max(20_000).describe('x'),
        three: z.string().max(15_000).describe('x'),
      }),
    ).toEqual([])
  })

  it('refuses a key that is too long for an index', () => {
    const text = z.string().max(191).describe('x')
    expect(withColumns({ a: text, b: text, c: text, d: text, e: text }, { key: ['a', 'b', 'c', 'd', 'e'] })).toEqual([
      expect.stringContaining('MySQL holds 3072'),
    ])
  })

  it('refuses a stream that feeds both a replace and a merge', () => {
    const { orders } = shop().datasets
    expect(faultsOf({ ...shop(), datasets: { orders, all: { ...orders, load: 'replace' } } })).toEqual([
      expect.stringContaining('all of its datasets must replace'),
    ])
  })

  it('wants either streams with datasets or discover', () => {
    const { streams: _streams, datasets: _datasets, ...head } = shop()
    expect(faultsOf(head)).toHaveLength(2)
    expect(faultsOf({ ...head, discover: async () => ({ streams: [], datasets: [] }) })).toEqual([
      '- With discover it needs extract.',
      '- With discover it needs transform.',
    ])
    const discovering = {
      discover: async () => ({ streams: [], datasets: [] }),
      extract: shop().streams.orders.extract,
      transform: () => null,
    }
    expect(faultsOf({ ...head, ...discovering })).toEqual([])
    expect(faultsOf({ ...shop(), ...discovering })).toEqual([expect.stringContaining('keep one of the two')])
  })
})

describe('checkDiscovery', () => {
  const shape: DatasetShape = {
    name: 'orders',
    title: 'Orders',
    about,
    from: 'orders',
    key: [],
    load: 'append',
    columns: [
      {
        name: 'id',
        title: 'Id',
        about,
        kind: 'int',
        nullable: true,
        max: null,
        precision: null,
        scale: null,
        values: null,
        unit: null,
        role: null,
        personal: false,
      },
    ],
  }

  it('holds what was discovered to the same rules', () => {
    checkDiscovery({ streams: [{ name: 'orders', about }], datasets: [shape] })
    const wrong = { streams: [{ name: 'Orders', about }], datasets: [shape, { ...shape, name: 'ORDERS', columns: [] }] }
    expect(() => checkDiscovery(wrong)).toThrow(/differ only in capitals[^]*Stream Orders[^]*is no stream[^]*has no columns/)
  })
})

describe('the compiler', () => {
  it('checks from, key, settings and what transform returns', () => {
    const base = shop()
    const dataset = { from: 'orders', about, key: ['id'], load: 'merge', columns } as const
    const declare = () => {
      defineConnector({
        ...base,
        check: async ({ config }) => config.size.toFixed(),
        streams: {
          orders: {
            about,
            async *extract({ config }) {
              const size: number = config.size
              // @ts-expect-error a setting that does not exist
              yield { records: [size, config.nobody] }
            },
          },
        },
        datasets: {
          good: { ...dataset, transform: (raw) => ({ id: raw.id, total: '1.50', placedAt: new Date(0) }) },
          gone: {
            ...dataset,
            transform: (raw) => (raw.deleted ? deleted({ id: raw.id }) : [{ id: 1n, total: 1, placedAt: null, email: 'a@b.se' }]),
          },
          // @ts-expect-error total is missing
          poor: { ...dataset, transform: (raw) => ({ id: raw.id, placedAt: null }) },
          // @ts-expect-error placedAt takes no boolean
          wrong: { ...dataset, transform: () => ({ id: 1, total: 1, placedAt: true }) },
          // @ts-expect-error no stream has this name
          lost: { ...dataset, from: 'nowhere', transform: () => null },
          // @ts-expect-error no column has this name
          keyless: { ...dataset, key: ['nobody'], transform: () => null },
        },
      })
    }
    expect(declare).toThrow(/nowhere[^]*nobody/)
    // @ts-expect-error a role is one of a few
    date().meta({ role: 'boss' })
  })
})
