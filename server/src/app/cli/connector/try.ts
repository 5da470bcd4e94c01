import { setTimeout } from 'node:timers/promises'
import { createHttp, type Context } from '@handover/sdk'
import { openUnread, replay, TEST_NOW, type Fixture } from '@handover/sdk/host'
import { join } from 'node:path'
import { contextOpener } from '../../open-context.ts'
import { CliError, INTERRUPTED, type Call } from '../call.ts'
import { plain } from '../terminal.ts'
import { failureOf } from './failure.ts'
import { completeForFixtures, givenSettings } from './given-settings.ts'
import { fixturesOf, openInstalled, type InstalledConnector } from './installed.ts'
import { readStreams, type StreamRead } from './read-streams.ts'
import { checkSettings, numberOption, secretsIn, type CheckedSettings } from './run-settings.ts'
import { printTried, triedJson } from './tried-text.ts'

const MOST = 1000

/** `handover connector try`: runs a connector on its fixtures or its source and shows what comes of it. */
export async function connectorTry(call: Call): Promise<number> {
  const installed = await openInstalled(call)
  const limit = numberOption(call, 'limit', 10, MOST)
  const isLive = call.flags.has('live')
  const given = await givenSettings(call, installed.catalog.form(installed.name))
  const fixtures = isLive ? [] : fixturesOf(installed)
  const settings = isLive ? checkSettings(installed, given, new Set()) : checkedForFixtures(installed, given, fixtures)
  const stopped = call.interruption()
  const log = (message: string, fields: object = {}): void => {
    if (call.flags.has('json')) return
    const more = Object.entries(fields).map(([name, value]) => `${name} ${String(value)}`)
    call.terminal.progress(plain([message, ...more].join(', ')))
  }
  const context: Context & { close(): Promise<void> } = isLive
    ? contextOpener(installed.settings, call.clock)({ connector: installed.name, config: settings.config, signal: stopped, log })
    : onFixtures(installed, settings, fixtures, stopped, log)
  try {
    const open = await openUnread(installed.connector, context)
    const failure = (error: unknown): CliError => {
      if (stopped.aborted) throw error
      return failureOf(error, installed.folder, secretsIn(installed, settings.config))
    }
    const streams = wanted(await readStreams(open, context, { limit, isBrief: isLive, failure }), call.values.get('stream'))
    const failed = streams.find((stream) => stream.failure !== null)?.failure ?? null
    if (failed !== null && streams.every(({ pages }) => pages === 0)) throw failed
    const tried = { installed, settings, isLive, streams, limit }
    call.terminal.progress('')
    if (call.flags.has('json')) call.terminal.json(triedJson(tried))
    else printTried(call.terminal, tried)
    return failed === null ? 0 : failed.exitCode
  } catch (error) {
    call.terminal.progress('')
    if (stopped.aborted) return INTERRUPTED
    throw failureOf(error, installed.folder, secretsIn(installed, settings.config))
  } finally {
    await context.close()
  }
}

/** What was asked to be shown. */
function wanted(read: readonly StreamRead[], only: string | undefined): readonly StreamRead[] {
  const found = read.filter(({ name }) => only === undefined || name === only)
  if (only === undefined || found.length > 0) return found
  throw new CliError(`There is no stream "${only}". There are: ${read.map(({ name }) => name).join(', ') || 'none'}.`)
}

function checkedForFixtures(installed: InstalledConnector, given: Record<string, unknown>, fixtures: readonly Fixture[]): CheckedSettings {
  const { config, madeUp } = completeForFixtures(given, installed.catalog.form(installed.name), fixtures[0]?.request.url)
  try {
    return checkSettings(installed, config, madeUp)
  } catch (error) {
    if (!(error instanceof CliError) || fixtures.length > 0) throw error
    const hint = `It has no fixtures yet: keep some with "npx handover connector record ${installed.name}", or ask the source with --live.`
    throw new CliError(`${error.message}\n${hint}`, error.exitCode, { cause: error })
  }
}

function onFixtures(
  installed: InstalledConnector,
  { config }: CheckedSettings,
  fixtures: readonly Fixture[],
  signal: AbortSignal,
  log: Context['log'],
): Context & { close(): Promise<void> } {
  // Waiting is for real sources: a fixture that says "too many requests" is asked again at once.
  const sleep = async (): Promise<void> => setTimeout(0)
  const clock = { now: () => TEST_NOW }
  const http = createHttp({ fetcher: replay(fixtures), clock, sleep, random: () => 0, signal, log })
  return { config, http, signal, log, now: clock.now, filesFolder: join(installed.folder, 'fixtures'), close: () => http.close() }
}
