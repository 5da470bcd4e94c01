import { join } from 'node:path'
import type { Logger } from 'pino'
import { CatalogService, ReloadMark } from '../catalog/catalog.service.ts'
import { DataApiService } from '../data-api/data-api.service.ts'
import { DatasetResolvers } from '../data-api/dataset-resolvers.ts'
import { sourceField } from '../data-api/names.ts'
import { ExplainService } from '../explain/explain.service.ts'
import { LakeService } from '../lake/lake.service.ts'
import { LoadsService, LoadWatch } from '../loads/loads.service.ts'
import { NotesService } from '../notes/notes.service.ts'
import { openScheduleBackend, ScheduleService, type Schedule } from '../schedule/schedule.service.ts'
import type { Clock } from '../shared/clock.ts'
import { SourcesService, type SourceChange } from '../sources/sources.service.ts'
import { type Database, WarehouseService } from '../warehouse/warehouse.service.ts'
import type { Settings } from './config.ts'
import type { Metrics } from './observe/metrics.ts'
import { loadMetrics } from './observe/load-metrics.ts'
import type { Tracing } from './observe/tracing.ts'
import { contextOpener } from './open-context.ts'
import { platformSchema } from './platform-schema.ts'
import type { PlatformFacts } from './platform.resolver.ts'
import { Reloads } from './reload.ts'
import { createResolvers } from './resolvers.ts'
import { readTables } from './served-sources.ts'

/** What every service is made with. */
export interface ServiceTools {
  readonly db: Database
  readonly settings: Settings
  readonly logger: Logger
  readonly clock: Clock
  readonly facts: PlatformFacts
  readonly metrics: Metrics
  readonly tracing: Tracing
}

/** The services of a running server. */
export interface Services {
  readonly catalog: CatalogService
  readonly lake: LakeService
  readonly warehouse: WarehouseService
  readonly sources: SourcesService
  readonly schedule: ScheduleService
  readonly loads: LoadsService
  readonly notes: NotesService
  readonly explain: ExplainService
  readonly dataApi: DataApiService
  /** Works only while somebody listens. */
  readonly watch: LoadWatch
  readonly reloads: Reloads
}

/** Makes every service and joins them. Nothing runs by itself yet: loads and schedule wait to be started. */
export async function openServices({ db, settings, logger, clock, facts, metrics, tracing }: ServiceTools): Promise<Services> {
  const mark = new ReloadMark(db)
  const lastReload = await mark.read()
  const catalog = await CatalogService.load(settings.connectorFolders, logger)
  const lake = new LakeService(join(settings.dataFolder, 'lake'), db, clock)
  const warehouse = new WarehouseService(db, clock)
  const openContext = contextOpener(settings, clock, { metrics, tracer: tracing })
  const resolvers = new Map<unknown, unknown>()
  const platform = platformSchema((resolver) => resolvers.get(resolver))
  const names = { fieldOf: sourceField, reserved: Object.keys(platform.getQueryType()!.getFields()) }
  const keys = { secretKeyFile: join(settings.dataFolder, 'secret.key'), secretKey: settings.secretKey }
  const sources = await SourcesService.open({ db, catalog, warehouse, clock, logger, openContext, ...keys, names })
  const schedule = new ScheduleService({
    ...{ clock, logger, backend: await openScheduleBackend(settings.mongodbUrl, db) },
    wanted: () => wantedSchedules(sources),
    onDue: async (sourceId, plannedAt) => {
      await loads.request(sourceId, 'schedule', plannedAt)
    },
  })
  const nextRuns = () => schedule.nextAll()
  // A load that begins after a reload elsewhere runs with what was reloaded, however short the time in between. Where that cannot be seen
  // it runs with what is known; `followOthers` says so.
  const beforeLoad = () => reloads.look().catch(() => undefined)
  const observer = loadMetrics(metrics)
  const loads = new LoadsService({
    db,
    clock,
    logger,
    lake,
    warehouse,
    sources,
    catalog,
    openContext,
    nextRuns,
    beforeLoad,
    observer,
    tracer: tracing,
  })
  const notes = new NotesService({ db, clock, sources, loads })
  const explain = new ExplainService({ sources, catalog, loads, lake, warehouse })
  const watch = new LoadWatch({
    ...{ db, logger },
    onChanged: (listener) => loads.onChanged(listener),
    sourcesMark: async () => `${catalog.generation} ${await sources.revision()}`,
  })
  const dataApi = new DataApiService(platform, () => readTables(sources), new DatasetResolvers(warehouse), logger)
  const reloads = new Reloads({ catalog, sources, dataApi, mark, logger }, lastReload)
  const services = { catalog, lake, warehouse, sources, schedule, loads, notes, explain, dataApi, watch, reloads }
  for (const resolver of createResolvers({ ...services, facts, clock })) resolvers.set(resolver.constructor, resolver)
  resolvers.set(LoadWatch, watch)
  dataApi.changed()
  await dataApi.settled()
  sources.onChanged((change) => follow(change, dataApi, schedule))
  return services
}

/** What the schedule is to plan, as the sources are now. */
async function wantedSchedules(sources: SourcesService): Promise<Map<string, Schedule>> {
  const planned = (await sources.list()).filter(({ paused, schedule }) => !paused && schedule !== null)
  return new Map(planned.map(({ id, schedule }) => [id, schedule]))
}

/** Carries a change of a source to those who do not know sources: first its types, then its times. */
async function follow({ kind, source }: SourceChange, dataApi: DataApiService, schedule: ScheduleService): Promise<void> {
  dataApi.changed()
  await dataApi.settled()
  if (kind === 'removed') await schedule.remove(source.id)
  else await schedule.set(source.id, source.schedule, source.paused)
}
