import { access, constants, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { ExportService } from '../data-api/export.service.ts'
import type { LoadsService } from '../loads/loads.service.ts'
import { PackService } from '../pack/pack.service.ts'
import type { Clock } from '../shared/clock.ts'
import { StartError } from '../shared/errors.ts'
import { makeFirstSources } from '../sources/first-start.ts'
import type { SourcesService } from '../sources/sources.service.ts'
import type { Database } from '../warehouse/warehouse.service.ts'
import { ROOT, type Settings } from './config.ts'
import { openDashboard, tellApiAddress } from './dashboard.ts'
import { createHttpServer } from './http-server.ts'
import { close, isLoopback, listen } from './listen.ts'
import { followOthers } from './follow-others.ts'
import { Metrics } from './observe/metrics.ts'
import { Observation } from './observe/observation.ts'
import { channelsOf, keepLooking, NotifyService } from '../notify/notify.service.ts'
import { createObserveServer } from './observe/observe-server.ts'
import { noTracing, type Tracing } from './observe/tracing.ts'
import { packPlace } from './pack-place.ts'
import { openPlatformDatabase } from './platform-database.ts'
import { openServices, type Services, type ServiceTools } from './services.ts'
import { keepTidy } from './tidy.ts'
import { version } from './version.ts'

/** A running process: API and dashboard, a worker, or all in one. */
export interface Handover {
  /** Address for people on this machine; null for a worker, which answers nobody. */
  readonly url: string | null
  /** Address of `/healthz` and `/readyz` on a port of their own; null when there is none. */
  readonly healthUrl: string | null
  /** What the tables are kept in, in words. */
  readonly database: string
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
  readonly examples: boolean
  /** None when left out; ended with the server. */
  readonly tracing?: Tracing
}

/** Loads have this long to reach the edge of a batch when the server stops. */
const LOAD_GRACE_MS = 3500
/** Requests have this long to end by themselves. */
const REQUEST_GRACE_MS = 1500
const CLOCK_TOLERANCE_MS = 60_000

/**
 * Starts what the role of this process is. Nothing is loaded before the port is taken, so a start that fails leaves nothing half done.
 * Throws a `StartError` for what a person must mend.
 */
export async function startHandover(
  settings: Settings,
  { logger, clock, examples, tracing = noTracing }: HandoverOptions,
): Promise<Handover> {
  const facts = { version: await version(), startedAt: clock.now(), filesFolder: settings.filesFolder }
  await makeFolder(settings.dataFolder)
  const db = await openPlatformDatabase(settings, clock)
  try {
    return await startOn(db, { db, settings, logger, clock, facts, tracing, metrics: new Metrics() }, examples)
  } catch (error) {
    await db.close()
    throw error
  }
}

async function startOn(db: Database, tools: ServiceTools, examples: boolean): Promise<Handover> {
  const { settings, logger } = tools
  const { role, dataFolder, filesFolder } = settings
  warnOfClock(db, logger)
  const services = await openServices(tools)
  const { catalog, sources, schedule, loads } = services
  await warnOfLake(services, dataFolder, logger)
  const { version } = tools.facts
  const observation = new Observation({ ...tools, services, role, version })
  let health: Listening | null = null
  let face: Listening | null = null
  let follower: { stop(): void } | null = null
  let teller: { stop(): Promise<void> } | null = null
  let tidier: { stop(): Promise<void> } | null = null
  const stop = async () => {
    logger.info('Handover stops')
    observation.readiness.close()
    follower?.stop()
    await Promise.all([
      teller?.stop(),
      tidier?.stop(),
      schedule.stop(),
      loads.stop(LOAD_GRACE_MS),
      face && close(face.http, REQUEST_GRACE_MS),
    ])
    // Until now it has said that this process is stopping.
    await health?.http.close()
    observation.stop()
    await db.close()
    await tools.tracing.stop()
    logger.info('Handover has stopped')
  }
  try {
    health = await openHealth(settings, observation)
    if (role !== 'worker') face = await openFace(services, tools, observation)
    if (db.facts.shared) follower = followOthers(services, face !== null, logger)
    teller = tellOf(services, tools)
    if (role === 'api') await schedule.compare().catch((err: unknown) => logger.warn({ err }, 'The schedule could not be compared'))
    else {
      await loads.start()
      await schedule.start()
      tidier = keepTidy(db, loads, settings.keep, logger)
    }
    if (examples) await db.exclusively('first sources', () => makeFirstSources({ sources, catalog, dataFolder, filesFolder, logger }))
  } catch (error) {
    await stop()
    throw error
  }
  observation.readiness.open()
  logger.info({ version, database: db.facts.name, node: process.versions.node }, 'Handover has started')
  return { url: face?.url ?? null, healthUrl: health?.url ?? null, database: db.facts.name, sources, loads, stop }
}

/** Lake and secrets are kept there, whichever database has the tables. */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
    await access(folder, constants.W_OK)
  } catch (cause) {
    const advice = 'Give the user that runs Handover the right to write there, or choose another data folder with HANDOVER_DATA.'
    throw new StartError(`Handover cannot write to its data folder ${folder}. ${advice}`, { cause })
  }
}

/** A server that takes requests. Its port is taken at once; `/readyz` says no until everything runs. */
interface Listening {
  readonly http: FastifyInstance
  readonly url: string
}

async function openHealth(settings: Settings, observation: Observation): Promise<Listening | null> {
  const { host, healthPort: port } = settings
  if (port === null) return null
  const http = createObserveServer(settings, observation)
  return { http, url: await listen(http, { host, port, setting: 'HANDOVER_HEALTH_PORT' }) }
}

/** What people and programs see of the server. */
async function openFace(
  services: Services,
  { db, settings, logger, clock, facts, tracing }: ServiceTools,
  observation: Observation,
): Promise<Listening> {
  const { host, port } = settings
  const { lake, warehouse, dataApi, watch } = services
  const place = packPlace(settings, { version: facts.version, database: db.facts.name })
  const pack = new PackService({ ...services, clock, place })
  const exports = new ExportService(dataApi, warehouse)
  const dashboard = await openDashboard(join(ROOT, 'client/build/handler.js'), settings.publicUrl)
  const http = await createHttpServer({
    ...{ settings, logger, clock, dataApi, lake, watch, exports, pack, dashboard, observation, tracing },
  })
  if (!isLoopback(host)) logger.warn({ host }, 'There are no accounts yet: everybody who reaches this address may do everything')
  const url = await listen(http, { host, port, setting: 'HANDOVER_PORT' })
  tellApiAddress(url)
  return { http, url }
}

/** Leases and plans go by the clocks of databases, but what people read is written by ours. */
/** Every process watches over the sources, whatever its role: somebody must be told too when no worker runs. null where nobody is to be told. */
function tellOf({ loads, schedule }: Services, { db, settings, clock, logger }: ServiceTools): { stop(): Promise<void> } | null {
  const channels = channelsOf(settings.notify)
  if (channels.length === 0) return null
  const address = settings.publicUrl ?? `http://localhost:${settings.port}`
  const isScheduleReachable = () => schedule.isReachable
  return keepLooking(new NotifyService({ db, loads, channels, address, clock, logger, isScheduleReachable }), logger)
}

/** Another folder or volume than before: loads work, and what they left raw before is out of reach. */
async function warnOfLake({ lake }: Services, dataFolder: string, logger: Logger): Promise<void> {
  const { looked, missing } = await lake.missing()
  if (looked > 0 && missing === looked)
    logger.warn(
      `None of the newest raw files is in ${join(dataFolder, 'lake')}. Is this the data folder, or the volume, that belongs to the database?`,
    )
}

function warnOfClock(db: Database, logger: Logger): void {
  const { clockAhead } = db.facts
  if (Math.abs(clockAhead) < CLOCK_TOLERANCE_MS) return
  const seconds = Math.round(Math.abs(clockAhead) / 1000)
  const way = clockAhead > 0 ? 'behind' : 'ahead of'
  logger.warn({ seconds }, `The clock of this machine is ${way} that of the database: set both by a time server, or times will look wrong`)
}
