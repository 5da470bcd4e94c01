import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Connector, Json } from '@handover/sdk'
import { pino } from 'pino'
import { CatalogService } from '../../src/catalog/catalog.service.ts'
import { LakePart, LakeService, MediaEntry } from '../../src/lake/lake.service.ts'
import { loadEntities } from '../../src/loads/entities.ts'
import { LoadsService, type Load, type LoadDataset, type LogLine } from '../../src/loads/loads.service.ts'
import type { ProbePoint } from '../../src/loads/run-context.ts'
import type { Timers } from '../../src/loads/timers.ts'
import { migrations } from '../../src/migrations/index.ts'
import { Notice } from '../../src/notify/notify.service.ts'
import { sourceEntities } from '../../src/sources/entities.ts'
import { SourcesService, type OpenContext, type Source } from '../../src/sources/sources.service.ts'
import { openDatabase, type Database } from '../../src/warehouse/database.ts'
import { testDatabase } from '../../src/warehouse/testing/databases.ts'
import { WarehouseService, type Row } from '../../src/warehouse/warehouse.service.ts'
import type { Tracer } from '../../src/shared/tracer.ts'

/** What the clock of these tests says first. */
export const NOW = new Date('2026-03-01T12:00:00.000Z')

/** Timers that go off when the test says that time has passed. */
export class TestTimers implements Timers {
  readonly #pending = new Map<() => void, number>()

  after(ms: number, work: () => void): () => void {
    const due = (): void => work()
    this.#pending.set(due, ms)
    return () => void this.#pending.delete(due)
  }

  /** Waiting times of what is pending, shortest first. */
  get waits(): number[] {
    return [...this.#pending.values()].sort((a, b) => a - b)
  }

  /** Lets everything go off that waits at most that long. */
  pass(ms: number): void {
    for (const [due, wait] of [...this.#pending]) {
      if (wait > ms) continue
      this.#pending.delete(due)
      due()
    }
  }
}

/** The same batches on every database, so that tests know where they end. */
class SmallBatches extends WarehouseService {
  override get rowsPerBatch(): number {
    return 5_000
  }
}

/** How a test wants its loads. */
export interface TestLoadsOptions {
  readonly connectors: readonly Connector[]
  /** A folder that an earlier one left behind, or that another one shares; a new one when left out. */
  readonly folder?: string
  /** Address of another database than the one that belongs to the folder. */
  readonly url?: string
  readonly probe?: (point: ProbePoint) => void
  readonly random?: () => number
  readonly tracer?: Tracer
}

/** Loads on a real database, a real lake and sources of their own. */
export class TestLoads {
  readonly folder: string
  readonly db: Database
  readonly lake: LakeService
  readonly warehouse: WarehouseService
  readonly sources: SourcesService
  readonly loads: LoadsService
  readonly timers: TestTimers
  readonly logged: string[]
  readonly next = new Map<string, Date>()
  readonly #clock: { at: Date }
  #stopped = false

  private constructor(
    parts: Pick<TestLoads, 'folder' | 'db' | 'lake' | 'warehouse' | 'sources' | 'timers' | 'logged'>,
    clock: { at: Date },
    options: TestLoadsOptions,
    catalog: CatalogService,
    openContext: OpenContext,
  ) {
    const { folder, db, lake, warehouse, sources, timers, logged } = parts
    this.folder = folder
    this.db = db
    this.lake = lake
    this.warehouse = warehouse
    this.sources = sources
    this.timers = timers
    this.logged = logged
    this.#clock = clock
    this.loads = new LoadsService({
      ...{ db, lake, warehouse, sources, catalog, openContext, timers, clock: { now: () => clock.at }, logger: loggerTo(logged) },
      ...(options.probe && { probe: options.probe }),
      ...(options.random && { random: options.random }),
      ...(options.tracer && { tracer: options.tracer }),
      nextRuns: async () => this.next,
    })
  }

  static async open(options: TestLoadsOptions): Promise<TestLoads> {
    const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'handover-loads-')))
    const own = await testDatabase(folder)
    const { file, url } = options.url ? { file: own.file, url: options.url } : own
    const entities = [...sourceEntities, ...loadEntities, LakePart, MediaEntry, Notice]
    const db = await openDatabase({ file, url, entities, migrations })
    const at = { at: NOW }
    const clock = { now: () => at.at }
    const catalog = new CatalogService(
      options.connectors.map((connector) => ({ name: connector.name, folder: join(folder, connector.name), connector, error: null })),
    )
    const warehouse = new SmallBatches(db, clock)
    // None of the connectors here uses the network.
    const openContext: OpenContext = ({ config, signal, log }) => ({
      config,
      signal,
      log,
      filesFolder: folder,
      now: clock.now,
      http: undefined as never,
      close: async () => undefined,
    })
    const logged: string[] = []
    const sources = await SourcesService.open({
      ...{ db, catalog, warehouse, clock, openContext, logger: loggerTo(logged), secretKeyFile: join(folder, 'secret.key') },
      names: { reserved: [], fieldOf: (slug) => slug },
    })
    const parts = {
      folder,
      db,
      lake: new LakeService(join(folder, 'lake'), db, clock),
      warehouse,
      sources,
      timers: new TestTimers(),
      logged,
    }
    return new TestLoads(parts, at, options, catalog, openContext)
  }

  get now(): Date {
    return this.#clock.at
  }

  /** Lets time pass: the clock goes on, and the timers that are due go off. */
  pass(ms: number): void {
    this.#clock.at = new Date(this.#clock.at.getTime() + ms)
    this.timers.pass(ms)
  }

  /** Lets the time of every lease run out, as if the processes that had them were dead for long enough. */
  async leasesRunOut(): Promise<void> {
    await this.db.write.query(`UPDATE handover_lease SET expires_at = ${this.db.moment(-1)}`)
  }

  /** Makes a source. Its first load is queued, and runs once loads are started. */
  async source(connector: string, config: Record<string, Json> = {}, slug = connector): Promise<Source> {
    return this.sources.create({ slug, title: `The ${slug}`, connector, config, schedule: null })
  }

  /** Asks for a load and waits until all have ended. */
  async load(source: Source): Promise<Load> {
    const { id } = await this.loads.request(source.id, 'person')
    await this.loads.idle()
    return this.loads.get(id)
  }

  /** Makes a source, starts, and gives its first load when it has ended. */
  async firstLoad(connector: string, config: Record<string, Json> = {}): Promise<{ source: Source; load: Load }> {
    const source = await this.source(connector, config)
    await this.loads.start()
    await this.loads.idle()
    return { source, load: (await this.loads.recent(source.id, null, 1))[0]! }
  }

  /** Rows of a table in the order of its key or of their raw places, declared columns only. */
  async rows(source: Source, dataset: string): Promise<Row[]> {
    const table = this.sources.tables(source).find(({ shape }) => shape.name === dataset)!
    const columns = table.shape.columns.map(({ name }) => name)
    const rows: Row[] = []
    for await (const chunk of this.warehouse.scan(table, { columns, where: null, orderBy: [] })) rows.push(...chunk)
    return rows
  }

  async balance(load: Load, dataset: string): Promise<LoadDataset> {
    return (await this.loads.balance(load.id)).find((each) => each.dataset === dataset)!
  }

  async log(load: Load): Promise<LogLine[]> {
    return this.loads.log(load.id)
  }

  /** Stops and closes, and keeps the folder. */
  async stop(): Promise<void> {
    if (this.#stopped) return
    this.#stopped = true
    await this.loads.stop(5000)
    await this.db.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
    await (await testDatabase(this.folder)).drop()
    await rm(this.folder, { recursive: true, force: true })
  }
}

const loggerTo = (lines: string[]) => pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) })

/** The load of a source that was asked for last. */
export const newest = async (test: TestLoads, sourceId: string): Promise<Load> => (await test.loads.recent(sourceId, null, 1))[0]!
