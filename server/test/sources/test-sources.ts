import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ConfigError, defineConnector, secret, SourceError, type Connector, type DatasetShape, type Discovery } from '@handover/sdk'
import { pino } from 'pino'
import { z } from 'zod'
import { CatalogService } from '../../src/catalog/catalog.service.ts'
import { migrations } from '../../src/migrations/index.ts'
import { sourceEntities } from '../../src/sources/entities.ts'
import { SourcesService, type NewSource, type OpenContext, type SourceChange } from '../../src/sources/sources.service.ts'
import { openDatabase, type Database } from '../../src/warehouse/database.ts'
import { testDatabase } from '../../src/warehouse/testing/databases.ts'
import { WarehouseService } from '../../src/warehouse/warehouse.service.ts'

/** What the clock of these tests says first. */
export const NOW = new Date('2026-03-01T12:00:00.000Z')
/** The one token that the shop takes. */
export const TOKEN = 'correct-horse-battery'

/** A source of the connector `shop`. */
export const webShop: NewSource = {
  slug: 'web-shop',
  title: ' Web shop ',
  connector: 'shop',
  config: { url: 'u', token: TOKEN },
  schedule: { every: 120 },
}
/** A source of the connector `lines`. */
export const someLines: NewSource = { slug: 'lines', title: 'Lines', connector: 'lines', config: {}, schedule: null }

/** A connector whose datasets are known; its address says how it misbehaves when it is tested. */
export const shop = (columns: z.ZodObject = z.object({ id: z.int().describe('Number'), total: z.number().describe('Sum') })): Connector =>
  defineConnector({
    name: 'shop',
    title: 'Shop',
    about: 'Orders.',
    config: z.object({
      url: z.string().describe('Address'),
      token: secret().describe('Token'),
      spare: secret().optional().describe('Spare token'),
      first: z.int().default(10).describe('How many'),
    }),
    check: async ({ config, signal }) => {
      if (config.url === 'sleepy') await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
      if (config.url === 'deaf') await new Promise(() => {})
      if (config.url === 'leaky')
        throw new SourceError(`401 for Bearer ${config.token}`, { detail: `header ${config.token}`, cause: new Error(config.token) })
      if (config.url === 'buggy') throw new TypeError(`x is not a function, ${config.token}`)
      if (config.token !== TOKEN)
        throw new ConfigError('The shop does not know this token.', { fields: [{ name: 'token', message: 'Unknown.' }] })
    },
    streams: {
      orders: {
        about: 'Orders.',
        async *extract() {
          yield { records: [{ id: 1, total: 2 }, { id: 'x', total: 2 }, null] }
          for (let id = 2; ; id++) yield { records: [{ id, total: 1.5 }] }
        },
      },
    },
    datasets: { orders: { from: 'orders', about: 'Orders.', key: ['id'], load: 'merge', columns, transform: (raw) => raw } },
  }) as Connector

/** A dataset of text columns. */
export const dataset = (name: string, load: DatasetShape['load'] = 'replace', columns = ['id']): DatasetShape => ({
  name,
  title: name,
  about: 'Lines.',
  from: name,
  key: load === 'append' ? [] : ['id'],
  load,
  columns: columns.map((column) => ({
    name: column,
    title: column,
    about: 'Text.',
    kind: 'text',
    nullable: column !== 'id',
    max: 100,
    precision: null,
    scale: null,
    values: null,
    unit: null,
    role: null,
    personal: false,
  })),
})

/** What `lines` finds at its source. */
export const discovery = (...datasets: DatasetShape[]): Discovery => ({
  streams: datasets.map(({ name }) => ({ name, about: '', hint: { path: `${name}.csv` } })),
  datasets: datasets.map((each) => ({ ...each, hint: { delimiter: ';' } })),
})

/** Sources on a database of their own, with a clock and a connector that answers what the test says. */
export class TestSources {
  readonly folder: string
  readonly db: Database
  readonly warehouse: WarehouseService
  now = NOW
  /** How long a connector may take to answer. */
  patienceMs = 30_000
  /** What `lines` answers when it is asked. */
  found = discovery(dataset('a'))
  /** What `lines` was told that it had answered last. */
  readonly asked: (Discovery | null)[] = []
  readonly changes: SourceChange[] = []
  closed = 0

  private constructor(folder: string, db: Database) {
    this.folder = folder
    this.db = db
    this.warehouse = new WarehouseService(db, this.clock)
  }

  static async make(): Promise<TestSources> {
    const folder = await mkdtemp(join(tmpdir(), 'handover-sources-'))
    const entities = [...sourceEntities]
    const { file, url } = await testDatabase(folder)
    return new TestSources(folder, await openDatabase({ file, url, entities, migrations }))
  }

  get clock() {
    return { now: () => this.now }
  }

  /** A key that is given by a setting instead of by the file. */
  secretKey: string | null = null

  get keyFile(): string {
    return join(this.folder, 'secret.key')
  }

  /** Opens the service as a start of the server does. */
  async open(connectors: readonly Connector[] = [shop(), this.lines()], secretKeyFile = this.keyFile): Promise<SourcesService> {
    const { db, warehouse, clock, openContext, secretKey } = this
    const sources = await SourcesService.open({
      db,
      warehouse,
      clock,
      openContext,
      secretKeyFile,
      secretKey,
      logger: pino({ level: 'silent' }),
      patienceMs: this.patienceMs,
      catalog: new CatalogService(
        connectors.map((connector) => ({ name: connector.name, folder: join(this.folder, connector.name), connector, error: null })),
      ),
      names: { reserved: ['sources', 'rawRecord'], fieldOf: (slug) => slug.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()) },
    })
    sources.onChanged((change) => void this.changes.push(change))
    return sources
  }

  async close(): Promise<void> {
    await this.db.close()
    await (await testDatabase(this.folder)).drop()
    await rm(this.folder, { recursive: true })
  }

  readonly openContext: OpenContext = ({ config, signal, log }) => ({
    config,
    signal,
    log,
    filesFolder: this.folder,
    now: () => this.now,
    // None of these connectors uses the network.
    http: undefined as never,
    close: async () => void this.closed++,
  })

  /** A connector that learns its datasets from the source. */
  lines(): Connector {
    return defineConnector({
      name: 'lines',
      title: 'Lines',
      about: 'Lines of files.',
      config: z.object({ folder: z.string().default('.').describe('Folder') }),
      discover: async (_, previous) => {
        this.asked.push(previous)
        return this.found
      },
      async *extract(stream, { hint }) {
        yield { records: [{ id: `${stream} ${JSON.stringify(hint)}` }] }
      },
      transform: (_, record) => record,
    }) as Connector
  }
}
