import { join, relative } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { createHttp, HTTP_LIMITS, networkFetcher, type Connector, type Context, type Fetcher } from '@handover/sdk'
import { recordAnswers, replay, TEST_NOW, type Fixture } from '@handover/sdk/host'
import { CliError, INTERRUPTED, type Call } from '../call.ts'
import { plain } from '../terminal.ts'
import { failureOf } from './failure.ts'
import { fixtureFiles, writeFixtures } from './fixture-files.ts'
import { givenSettings, madeUpSecret } from './given-settings.ts'
import { openInstalled, type InstalledConnector } from './installed.ts'
import { madeUp } from './made-up.ts'
import { findPersonal } from './personal-values.ts'
import { isTelling, querySecrets } from './query-secrets.ts'
import { printRecorded, recordedJson, type Recorded } from './recorded-text.ts'
import { differences } from './recording-check.ts'
import { recordAll } from './recording.ts'
import { checkSettings, numberOption, secretsIn, type CheckedSettings } from './run-settings.ts'
import { LEAST_SECRET, Scrubber, secretsOf } from './scrub.ts'
import { shortened } from './shortened.ts'
import { toFixtures } from './to-fixtures.ts'

const PAGES = 2
const MOST_PAGES = 100
/** Each row of a parent is asked for by itself, so few of them are kept unless somebody wants more. */
const RECORDS_OF_PARENT = 3

/** `handover connector record`: keeps the answers of a source as fixtures, without secrets and persons. */
export async function connectorRecord(call: Call): Promise<number> {
  const installed = await openInstalled(call)
  const pages = numberOption(call, 'pages', PAGES, MOST_PAGES)
  const records = call.values.has('records') ? numberOption(call, 'records', 1, 10_000) : null
  const place = join(installed.folder, 'fixtures')
  const old = await fixtureFiles(place)
  if (old.length > 0 && !call.flags.has('force'))
    throw new CliError(`There are fixtures already: ${old.join(', ')}. With --force those that were recorded are made anew.`)
  const settings = checkSettings(installed, await givenSettings(call, installed.catalog.form(installed.name)), new Set())
  const stopped = call.interruption()
  const parents = parentStreams(installed.connector)
  const source = networkFetcher({ ...HTTP_LIMITS, allowedHosts: installed.settings.privateHosts })
  try {
    const fetcher = recordAnswers(source, (label, body) => shortened(body, records ?? (parents.has(label) ? RECORDS_OF_PARENT : Infinity)))
    const run = { installed, call, stopped }
    const recording = await recordAll(installed.connector, contextOf(run, settings.config, fetcher), fetcher, pages)
    if (fetcher.answers.size === 0)
      throw new CliError('The connector asked nothing over HTTP with these settings, so there is nothing to record.', 1)
    const stand = standIns(installed, settings)
    const personal = findPersonal(recording.open, recording.pieces)
    const scrubber = new Scrubber(secretsOf([...fetcher.answers.values()], stand.secrets), personal)
    const { fixtures, problems } = toFixtures(fetcher.answers.values(), scrubber, call.clock.now())
    const after = await playedBack(run, stand.config, [...fixtures.values()]).catch((error: unknown) =>
      failureOf(error, installed.folder, []),
    )
    const files = await writeFixtures(place, fixtures)
    const recorded: Recorded = {
      ...{ installed, place: relative(call.cwd, place), files, recording, personal, config: stand.given },
      problems: [...recording.problems, ...problems, ...(after instanceof CliError ? [after.message] : differences(recording, after))],
    }
    call.terminal.progress('')
    if (call.flags.has('json')) call.terminal.json(recordedJson(recorded))
    else printRecorded(call.terminal, recorded)
    return recorded.problems.length > 0 ? 1 : 0
  } catch (error) {
    call.terminal.progress('')
    if (stopped.aborted) return INTERRUPTED
    throw failureOf(error, installed.folder, secretsIn(installed, settings.config))
  } finally {
    await source.close()
  }
}

interface Run {
  readonly installed: InstalledConnector
  readonly call: Call
  readonly stopped: AbortSignal
}

/** The clock that the connector sees is that of the conformance kit, or its questions would be others there; http waits by the real one. */
function contextOf({ installed, call, stopped }: Run, config: Record<string, unknown>, fetcher: Fetcher): Context<Record<string, unknown>> {
  const log: Context['log'] = (message) => void (call.flags.has('json') || call.terminal.progress(plain(message)))
  const sleep = (ms: number, signal: AbortSignal): Promise<void> => setTimeout(ms, undefined, { signal })
  const http = createHttp({ fetcher, clock: call.clock, sleep, random: Math.random, signal: stopped, log })
  return { config, http, signal: stopped, log, now: () => TEST_NOW, filesFolder: join(installed.folder, 'fixtures') }
}

/** Runs the connector on what was kept, as the conformance kit will. */
const playedBack = (run: Run, config: Record<string, unknown>, fixtures: readonly Fixture[]) => {
  const fetcher = recordAnswers(replay(fixtures))
  return recordAll(run.installed.connector, contextOf(run, config, fetcher), fetcher, Infinity)
}

/** Made-up secrets for the real ones, and the settings with them. Throws a `CliError` for one that is too short to be found again. */
function standIns(installed: InstalledConnector, { given }: CheckedSettings) {
  const names = [...installed.catalog.secrets(installed.name)].filter((name) => typeof given[name] === 'string')
  const short = names.find((name) => (given[name] as string).length < LEAST_SECRET)
  if (short !== undefined)
    throw new CliError(`The secret ${short} is too short to be told from other text, so it could not be kept out of the fixtures.`, 1)
  const { addresses, secrets: inAddresses } = withoutKeys(given, names)
  const withSecrets = (make: (name: string) => string) => ({
    ...{ ...given, ...addresses },
    ...Object.fromEntries(names.map((name) => [name, make(name)])),
  })
  const isTaken = (config: Readonly<Record<string, unknown>>) => installed.connector.config.safeParse(config).success
  const named = withSecrets(madeUpSecret)
  const config = isTaken(named) ? named : withSecrets((name) => String(madeUp(given[name] as string)))
  const secrets = new Map([...inAddresses, ...names.map((name) => [given[name] as string, config[name] as string] as const)])
  return { secrets, given: config, config: checkSettings(installed, config, new Set()).config }
}

/** Addresses among the settings with made-up keys in their queries, and which real ones these stand for. */
function withoutKeys(given: Readonly<Record<string, unknown>>, sealed: readonly string[]) {
  const addresses: Record<string, string> = {}
  const secrets = new Map<string, string>()
  for (const [setting, value] of Object.entries(given)) {
    if (typeof value !== 'string' || sealed.includes(setting)) continue
    for (const [param, secret] of querySecrets(value)) {
      if (secret.length < LEAST_SECRET || !isTelling(secret)) continue
      const url = new URL(addresses[setting] ?? value)
      url.searchParams.set(param, madeUpSecret(param))
      addresses[setting] = url.href
      secrets.set(secret, madeUpSecret(param))
    }
  }
  return { addresses, secrets }
}

/** Streams whose rows are the pieces of other streams. */
function parentStreams({ streams = {}, datasets = {} }: Connector): Set<string> {
  return new Set(Object.values(streams).flatMap(({ parent }) => (parent === undefined ? [] : [datasets[parent]!.from])))
}
