import type { DatasetShape } from '@handover/sdk'
import { maskConfig, withoutSecrets } from '../../../sources/sealed-config.ts'
import { printFacts, printTable } from '../table.ts'
import { plain, type Terminal } from '../terminal.ts'
import { count } from '../words.ts'
import { columnWords } from './column-words.ts'
import { asServed } from './dashboard-parts.ts'
import { dashboardWords } from './dashboard-words.ts'
import type { InstalledConnector } from './installed.ts'
import type { DatasetRead, StreamRead } from './read-streams.ts'
import { shownSetting } from './query-secrets.ts'
import { secretsIn, type CheckedSettings } from './run-settings.ts'

const RECORDS_SHOWN = 3
const LONGEST_RECORD = 600
const LONGEST_VALUE = 40

/** A connector that was tried, with what and what came of it. */
export interface Tried {
  readonly installed: InstalledConnector
  readonly settings: CheckedSettings
  readonly isLive: boolean
  readonly streams: readonly StreamRead[]
  /** Rows shown of each dataset. */
  readonly limit: number
}

/** What was tried, as JSON. */
export function triedJson({ installed, settings, isLive, streams, limit }: Tried): unknown {
  const others = othersOf(streams)
  const tried = {
    connector: installed.name,
    title: installed.connector.title,
    from: isLive ? 'source' : 'fixtures',
    settings: shownSettings(installed, settings),
    streams: streams.map(({ datasets, failure, ...stream }) => ({
      ...{ ...stream, failure: failure?.message ?? null },
      datasets: datasets.map(({ shape, rows, removed, filtered, setAside, setAsideCount }) => ({
        ...{ name: shape.name, title: shape.title, load: shape.load, key: shape.key, rowCount: rows.length, removed, filtered },
        ...{
          columns: columnWords(shape),
          rows: rows.slice(0, limit),
          setAsideCount,
          setAside,
          dashboard: dashboardWords(asServed(shape, others(shape.name)), rows),
        },
      })),
    })),
  }
  const text = JSON.stringify(tried, (_name, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))
  const secrets = secretsIn(installed, settings.config).map((secret) => JSON.stringify(secret).slice(1, -1))
  return JSON.parse(withoutSecrets(text, secrets)) as unknown
}

/** Prints what was tried for a person. */
export function printTried(terminal: Terminal, { installed, settings, isLive, streams, limit }: Tried): void {
  const others = othersOf(streams)
  const clean = (text: string): string => plain(withoutSecrets(text, secretsIn(installed, settings.config)))
  terminal.line(`${terminal.tone('strong', plain(installed.connector.title))}, ${isLive ? 'from its source' : 'from its fixtures'}`)
  printSettings(terminal, installed, settings)
  for (const stream of streams) {
    printStream(terminal, stream, clean)
    for (const dataset of stream.datasets) {
      printDataset(terminal, dataset, stream, clean, limit)
      printBoard(terminal, asServed(dataset.shape, others(dataset.shape.name)), dataset)
    }
  }
  if (streams.length === 0) terminal.line('\nThe source has no stream.')
}

/** Names of the other datasets that were tried. */
const othersOf = (streams: readonly StreamRead[]) => {
  const names = streams.flatMap(({ datasets }) => datasets.map(({ shape }) => shape.name))
  return (own: string): string[] => names.filter((name) => name !== own)
}

const shownSettings = ({ name, catalog }: InstalledConnector, { config }: CheckedSettings): Record<string, unknown> =>
  Object.fromEntries(Object.entries(maskConfig(config, catalog.secrets(name))).map(([setting, value]) => [setting, shownSetting(value)]))

function printSettings(terminal: Terminal, installed: InstalledConnector, settings: CheckedSettings): void {
  const { given, madeUp } = settings
  const shown = shownSettings(installed, settings)
  const origin = (setting: string) =>
    madeUp.has(setting) ? '  (made up for the fixtures)' : given[setting] === undefined ? '  (usual)' : ''
  const facts = installed.catalog
    .form(installed.name)
    .map((field) => [field.name, `${wordOf(shown[field.name])}${origin(field.name)}`] as const)
  terminal.line(`\nSettings${facts.length === 0 ? ': none' : ''}`)
  if (facts.length > 0) printFacts(terminal, facts)
}

function printStream(terminal: Terminal, stream: StreamRead, clean: (text: string) => string): void {
  const { name, pages, records, partitions, cursor, isComplete, first, requests, unread, notFound, failure } = stream
  terminal.line(
    `\n${terminal.tone('strong', `Stream ${name}`)}: ${count(records, 'record')} on ${count(pages, 'page')}${isComplete ? '' : ', and perhaps more'}`,
  )
  if (partitions.length > 0) terminal.line(`  In ${count(partitions.length, 'partition')}: ${clean(partitions.slice(0, 10).join(', '))}`)
  for (const request of requests.slice(0, RECORDS_SHOWN)) terminal.line(`  ${terminal.tone('quiet', clean(request))}`)
  if (requests.length > RECORDS_SHOWN)
    terminal.line(terminal.tone('quiet', `  and ${count(requests.length - RECORDS_SHOWN, 'more request')}`))
  terminal.line(
    cursor === null ? '  The next load starts over: no cursor.' : `  The next load goes on from ${clean(JSON.stringify(cursor))}`,
  )
  for (const text of first.slice(0, RECORDS_SHOWN)) {
    const shown = clean(text)
    terminal.line(`  ${shown.length > LONGEST_RECORD ? `${shown.slice(0, LONGEST_RECORD)}…` : shown}`)
  }
  if (records === 0 && failure === null) terminal.line('  No record came.')
  if (notFound > 0)
    terminal.line(terminal.tone('careful', `  The source has nothing for ${count(notFound, 'partition')}; a load leaves them out.`))
  if (unread !== null) terminal.line(terminal.tone('careful', `  ${terminal.wrapped(clean(unread), 2)}`))
  for (const line of failure?.message.split('\n') ?? []) terminal.line(`  ${terminal.tone('bad', clean(line))}`)
}

function printDataset(terminal: Terminal, dataset: DatasetRead, stream: StreamRead, clean: (text: string) => string, limit: number): void {
  const { shape, rows, removed, filtered, setAside, setAsideCount } = dataset
  const key = shape.key.length > 0 ? ` by ${shape.key.join(', ')}` : ''
  const parts = [count(rows.length, 'row'), removed > 0 ? `${removed} removed` : '', filtered > 0 ? `${filtered} left out on purpose` : '']
  terminal.line(
    `\n${terminal.tone('strong', `Dataset ${shape.name}`)} (${shape.load}${key}): ${parts.filter((part) => part !== '').join(', ')}`,
  )
  if (rows.length > 0) {
    const cells = rows.slice(0, limit).map((row) => shape.columns.map(({ name }) => clean(wordOf(row[name])).slice(0, LONGEST_VALUE)))
    printTable(
      terminal,
      shape.columns.map(({ name }) => ({ title: name, long: true })),
      cells,
    )
  }
  terminal.line(`\nColumns of ${shape.name}`)
  const columns = ['column', 'SQLite', 'MySQL', 'GraphQL', 'role', 'notes'].map((title) => ({ title, spare: title === 'SQLite' }))
  printTable(
    terminal,
    columns,
    columnWords(shape).map(({ name, sqlite, mysql, graphql, role, notes }) => [name, sqlite, mysql, graphql, role, notes]),
  )
  const of = stream.isComplete ? '' : ` of the ${count(stream.records, 'record')} read; --limit reads more`
  terminal.line(`\nSet aside: ${setAsideCount === 0 ? 'nothing' : terminal.tone('careful', String(setAsideCount))}${of}`)
  for (const { reason, raw } of setAside) {
    terminal.line(`  ${terminal.wrapped(clean(reason), 2)}`)
    terminal.line(`    ${terminal.tone('quiet', clean(raw).slice(0, LONGEST_RECORD))}`)
  }
}

function printBoard(terminal: Terminal, served: DatasetShape, { rows }: DatasetRead): void {
  terminal.line('\nOn the dashboard')
  for (const words of dashboardWords(served, rows)) terminal.line(`  ${terminal.wrapped(plain(words), 2)}`)
}

const wordOf = (value: unknown): string => {
  if (value === null || value === undefined || value === '') return '–'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
