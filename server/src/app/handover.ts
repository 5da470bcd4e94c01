import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import { ExportService } from '../data-api/export.service.ts'
import type { LoadsService } from '../loads/loads.service.ts'
import type { Clock } from '../shared/clock.ts'
import { makeFirstSources } from '../sources/first-start.ts'
import type { SourcesService } from '../sources/sources.service.ts'
import type { Database } from '../warehouse/warehouse.service.ts'
import { ROOT, type Settings } from './config.ts'
import { openDashboard, tellApiAddress } from './dashboard.ts'
import { createHttpServer } from './http-server.ts'
import { close, isLoopback, listen } from './listen.ts'
import { openPlatformDatabase } from './platform-database.ts'
import { openServices, type ServiceTools } from './services.ts'

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
  readonly examples: boolean
}

/** Loads have this long to reach the edge of a batch when the server stops. */
const LOAD_GRACE_MS = 3500
/** Requests have this long to end by themselves. */
const REQUEST_GRACE_MS = 1500

/**
 * Starts everything in one process. Nothing is loaded before the port is taken, so a start that fails leaves nothing half done.
 * Throws a `StartError` for what a person must mend.
 */
export async function startHandover(settings: Settings, { logger, clock, examples }: HandoverOptions): Promise<Handover> {
  const facts = { version: await version(), startedAt: clock.now(), filesFolder: settings.filesFolder }
  const db = await openPlatformDatabase(settings)
  try {
    return await startOn(db, { db, settings, logger, clock, facts }, examples)
  } catch (error) {
    await db.close()
    throw error
  }
}

async function startOn(db: Database, tools: ServiceTools, examples: boolean): Promise<Handover> {
  const { settings, logger } = tools
  const { catalog, lake, warehouse, sources, schedule, loads, dataApi, watch } = await openServices(tools)
  let ready = false
  const exports = new ExportService(dataApi, warehouse)
  const dashboard = await openDashboard(join(ROOT, 'client/build/handler.js'))
  const http = await createHttpServer({ settings, logger, dataApi, lake, watch, exports, dashboard, isReady: () => ready })
  if (!isLoopback(settings.host))
    logger.warn({ host: settings.host }, 'There are no accounts yet: everybody who reaches this address may do everything')
  const url = await listen(http, settings)
  const stop = async () => {
    ready = false
    await schedule.stop()
    await Promise.all([loads.stop(LOAD_GRACE_MS), close(http, REQUEST_GRACE_MS)])
    await db.close()
  }
  try {
    tellApiAddress(url)
    for (const source of await sources.list()) await schedule.set(source.id, source.schedule, source.paused)
    await loads.start()
    await schedule.start()
    const { dataFolder, filesFolder } = settings
    if (examples) await makeFirstSources({ sources, catalog, dataFolder, filesFolder, logger })
  } catch (error) {
    await stop()
    throw error
  }
  ready = true
  return { url, sources, loads, stop }
}

async function version(): Promise<string> {
  return (JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string }).version
}
