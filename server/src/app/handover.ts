import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { CatalogService } from '../catalog/catalog.service.ts'
import { DataApiService } from '../data-api/data-api.service.ts'
import { DatasetResolvers } from '../data-api/dataset-resolvers.ts'
import { ExportService } from '../data-api/export.service.ts'
import { sourceField } from '../data-api/names.ts'
import { LakeService } from '../lake/lake.service.ts'
import { LoadsService } from '../loads/loads.service.ts'
import { ScheduleService } from '../schedule/schedule.service.ts'
import type { Clock } from '../shared/clock.ts'
import { StartError } from '../shared/errors.ts'
import { makeFirstSources } from '../sources/first-start.ts'
import { SourcesService, type SourceChange } from '../sources/sources.service.ts'
import type { Database } from '../warehouse/database.ts'
import { WarehouseService } from '../warehouse/warehouse.service.ts'
import { ROOT, type Settings } from './config.ts'
import { openDashboard, tellApiAddress } from './dashboard.ts'
import { openPlatformDatabase } from './platform-database.ts'
import { createHttpServer } from './http-server.ts'
import { contextOpener } from './open-context.ts'
import { platformSchema } from './platform-schema.ts'
import { createResolvers } from './resolvers.ts'
import { readTables } from './served-sources.ts'

/** A running server. */
export interface Handover {
  /** Address for people on this machine. */
  readonly url: string
  readonly sources: SourcesService
  readonly loads: LoadsService
  /** Ends loads at a batch edge, lets running requests end, and closes the database. */
  stop(): Promise<void>
}

/** What a server is started with besides its settings. */
export interface HandoverOptions {
  readonly logger: Logger
  readonly clock: Clock
  /** Makes the two example sources at the very first start; tests leave them out. */
  readonly examples?: boolean
}

/** Loads have this long to reach the edge of a batch when the server stops. */
const GRACE_MS = 3500

/**
 * Starts everything in one process. Nothing is loaded before the port is taken, so a start that fails leaves nothing half done.
 * Throws a `StartError` for what a person must mend.
 */
export async function startHandover(settings: Settings, { logger, clock, examples = true }: HandoverOptions): Promise<Handover> {
  const startedAt = clock.now()
  const db = await openPlatformDatabase(settings)
  try {
    return await startOn(db, settings, logger, clock, startedAt, examples)
  } catch (error) {
    await db.close()
    throw error
  }
}

async function startOn(db: Database, settings: Settings, logger: Logger, clock: Clock, startedAt: Date, examples: boolean): Promise<Handover> {
  const catalog = await CatalogService.load(settings.connectorFolders, logger)
  const lake = new LakeService(join(settings.dataFolder, 'lake'), db, clock)
  const warehouse = new WarehouseService(db, clock)
  const resolvers = new Map<unknown, unknown>()
  const platform = platformSchema((resolver) => resolvers.get(resolver))
  const openContext = contextOpener(settings, clock)
  const sources = await SourcesService.open({
    ...{ db, catalog, warehouse, clock, logger, openContext },
    secretKeyFile: join(settings.dataFolder, 'secret.key'),
    names: { fieldOf: sourceField, reserved: Object.keys(platform.getQueryType()!.getFields()) },
  })
  const schedule = new ScheduleService(db, clock, logger, async (sourceId, plannedAt) => {
    await loads.request(sourceId, 'schedule', plannedAt)
  })
  const loads = new LoadsService({ ...{ db, clock, logger, lake, warehouse, sources, catalog, openContext }, nextRuns: () => schedule.nextAll() })
  const dataApi = new DataApiService(platform, () => readTables(sources), new DatasetResolvers(warehouse), logger)
  const facts = { version: await version(), startedAt, filesFolder: settings.filesFolder }
  for (const resolver of createResolvers({ sources, catalog, schedule, warehouse, loads, lake, dataApi, facts })) {
    resolvers.set(resolver.constructor, resolver)
  }
  dataApi.changed()
  await dataApi.settled()
  let ready = false
  const http = await createHttpServer({
    ...{ settings, logger, dataApi, lake },
    exports: new ExportService(dataApi, warehouse),
    dashboard: await openDashboard(join(ROOT, 'client/build/handler.js')),
    isReady: () => ready,
  })
  const url = await listen(http, settings)
  tellApiAddress(url)
  sources.onChanged((change) => follow(change, dataApi, schedule))
  for (const source of await sources.list()) await schedule.set(source.id, source.schedule, source.paused)
  await loads.start()
  await schedule.start()
  if (examples) await makeFirstSources({ sources, catalog, dataFolder: settings.dataFolder, filesFolder: settings.filesFolder, logger })
  ready = true
  return {
    ...{ url, sources, loads },
    async stop() {
      ready = false
      await schedule.stop()
      await Promise.all([loads.stop(GRACE_MS), http.close()])
      await db.close()
    },
  }
}

/** Carries a change of a source to those who do not know sources: first its types, then its times. */
async function follow({ kind, source }: SourceChange, dataApi: DataApiService, schedule: ScheduleService): Promise<void> {
  dataApi.changed()
  await dataApi.settled()
  if (kind === 'removed') await schedule.remove(source.id)
  else await schedule.set(source.id, source.schedule, source.paused)
}

async function listen(http: FastifyInstance, { host, port }: Settings): Promise<string> {
  try {
    await http.listen({ host, port })
  } catch (cause) {
    await http.close()
    throw listenError(cause, host, port)
  }
  const address = http.server.address()
  const taken = typeof address === 'object' && address !== null ? address.port : port
  const isLocal = ['127.0.0.1', '::1', 'localhost', '0.0.0.0', '::'].includes(host)
  return `http://${isLocal ? 'localhost' : host}:${taken}`
}

function listenError(cause: unknown, host: string, port: number): StartError {
  const code = (cause as { code?: string }).code
  const reasons: Record<string, string> = {
    EADDRINUSE: `Port ${port} is already taken, perhaps by another Handover. Stop what uses it, or choose another port: HANDOVER_PORT=${port + 1} npm start`,
    EACCES: `Port ${port} may not be used by this user. Choose one above 1023 with HANDOVER_PORT.`,
    EADDRNOTAVAIL: `This machine has no address ${host}. Mend HANDOVER_HOST.`,
    ENOTFOUND: `There is no address ${host}. Mend HANDOVER_HOST.`,
  }
  return new StartError(reasons[code ?? ''] ?? `Handover cannot listen on ${host}, port ${port} (${code}).`, { cause })
}

async function version(): Promise<string> {
  return (JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string }).version
}
