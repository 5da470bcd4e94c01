import type { Call } from './call.ts'
import { noSource } from './load.ts'
import { printFacts, printTable, type Column } from './table.ts'
import { plain, type Terminal } from './terminal.ts'
import { fromNow, LOAD_STATES, moment, number, SOURCE_STATES, stateCell, type Whole } from './words.ts'

interface Dataset {
  readonly name: string
  readonly title: string
  readonly table: string
  readonly load: string
  readonly key: readonly string[]
  readonly rows: Whole
  readonly quarantined: number
  readonly loadedAt: string | null
  readonly changedAt: string | null
}

interface Source {
  readonly slug: string
  readonly title: string
  readonly about: string
  readonly state: string
  readonly stateSince: string
  readonly stateText: string
  readonly scheduleText: string
  readonly paused: boolean
  readonly nextLoadAt: string | null
  readonly quarantined: number
  readonly createdAt: string
  readonly connector: { readonly name: string; readonly title: string } | null
  readonly lastLoad: { readonly id: string; readonly state: string; readonly queuedAt: string; readonly finishedAt: string | null } | null
  readonly datasets: readonly Dataset[]
}

const FIELDS = `slug title about state stateSince stateText scheduleText paused nextLoadAt quarantined createdAt
  connector { name title } lastLoad { id state queuedAt finishedAt }
  datasets { name title table load key rows quarantined loadedAt changedAt }`

/** `handover sources [slug]`: lists the sources, or shows one. */
export async function sources(call: Call): Promise<number> {
  const { sources: all } = await call.api().ask<{ sources: Source[] }>(`{ sources { ${FIELDS} } }`)
  const { argument: slug, terminal, flags } = call
  const one = slug === null ? null : all.find((source) => source.slug === slug)
  if (one === undefined) throw noSource(slug!, all)
  if (flags.has('json')) terminal.json(one ?? all)
  else if (one !== null) printSource(call, one)
  else printList(call, all)
  return 0
}

const COLUMNS: readonly Column[] = [
  { title: 'SOURCE' },
  { title: 'STATE' },
  { title: 'SCHEDULE', long: true, spare: true },
  { title: 'LAST LOAD' },
  { title: 'NEXT LOAD' },
  { title: 'ROWS', right: true },
  { title: 'SET ASIDE', right: true },
]

function printList({ terminal, clock }: Call, all: readonly Source[]): void {
  if (all.length === 0) return terminal.line('There are no sources yet. Add one on the dashboard.')
  const now = clock.now()
  const rows = all.map((source) => [
    ...[source.slug, stateCell(SOURCE_STATES, source.state), source.scheduleText, fromNow(lastAt(source), now)],
    ...[fromNow(source.nextLoadAt, now), number(rowsOf(source)), number(source.quarantined)],
  ])
  printTable(terminal, COLUMNS, rows)
}

const lastAt = ({ lastLoad }: Source): string | null => lastLoad && (lastLoad.finishedAt ?? lastLoad.queuedAt)

const rowsOf = ({ datasets }: Source): string => String(datasets.reduce((sum, { rows }) => sum + BigInt(rows), 0n))

function printSource({ terminal, clock }: Call, source: Source): void {
  const now = clock.now()
  const { text, tone } = stateCell(SOURCE_STATES, source.state)
  const last =
    source.lastLoad && `${stateCell(LOAD_STATES, source.lastLoad.state).text} ${fromNow(lastAt(source), now)} (${source.lastLoad.id})`
  terminal.line(`${terminal.tone('strong', plain(source.title))} (${source.slug}): ${terminal.tone(tone, text)}`)
  terminal.line(terminal.wrapped(plain(source.stateText), 0))
  terminal.line()
  printFacts(terminal, [
    ['About', source.about || null],
    ['Connector', source.connector?.name ?? 'not installed any more'],
    ['Schedule', `${source.scheduleText}${source.paused ? ', paused' : ''}`],
    ['Last load', last ?? 'none yet'],
    ['Next load', source.nextLoadAt ? `${fromNow(source.nextLoadAt, now)} (${moment(source.nextLoadAt)})` : 'none planned'],
    ['Set aside', number(source.quarantined)],
    ['Made', moment(source.createdAt)],
  ])
  printDatasets(terminal, source.datasets, now)
}

function printDatasets(terminal: Terminal, datasets: readonly Dataset[], now: Date): void {
  terminal.line()
  if (datasets.length === 0) return terminal.line('It has no datasets yet.')
  const columns = [
    ...[
      { title: 'DATASET' },
      { title: 'ROWS', right: true },
      { title: 'SET ASIDE', right: true },
      { title: 'LOADED' },
      { title: 'CHANGED' },
    ],
    ...[
      { title: 'BY', spare: true },
      { title: 'KEY', long: true, spare: true },
      { title: 'TABLE', long: true },
    ],
  ]
  const rows = datasets.map((dataset) => [
    ...[dataset.name, number(dataset.rows), number(dataset.quarantined), fromNow(dataset.loadedAt, now), fromNow(dataset.changedAt, now)],
    ...[dataset.load, dataset.key.join(', '), dataset.table],
  ])
  printTable(terminal, columns, rows)
}
