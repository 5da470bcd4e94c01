import type { DatasetShape, Provider } from '@handover/sdk'
import type { StreamSize } from '../lake/lake.service.ts'
import type { LoadDataset } from '../loads/loads.service.ts'
import { count, day, listed, number, sentence, size, small } from './words.ts'

/** The five places that a number comes through. */
export type StepKind = 'SOURCE' | 'LAKE' | 'RULES' | 'TABLE' | 'SCREEN'

/** One of them, told twice: in plain words and in exact ones. The figures are the same in both. */
export interface PipelineStep {
  readonly kind: StepKind
  /** What it is called by those who look, and by those who build. */
  readonly title: string
  readonly technicalTitle: string
  /** The one figure of this place; null where there is none. */
  readonly number: number | null
  /** What it counts, such as "rows in the table". */
  readonly counts: string | null
  readonly plain: string
  readonly technical: string
}

/** What the way of one dataset is told from. All of it was declared by its connector or counted by its loads. */
export interface PipelineFacts {
  readonly title: string
  readonly slug: string
  readonly connector: { readonly name: string; readonly title: string; readonly about: string }
  /** What the connector says of the stream; null when it does not know it any more. */
  readonly streamAbout: string | null
  readonly provider: Provider | null
  readonly schedule: string
  readonly paused: boolean
  readonly shape: DatasetShape
  readonly table: string
  readonly rows: number
  /** Open entries of the quarantine. */
  readonly setAside: number
  readonly lake: StreamSize
  /** What the last load that succeeded did with this dataset; null before there was one. */
  readonly last: LoadDataset | null
  /** The question of GraphQL that lists the rows, on one line. */
  readonly question: string
  readonly timeZone: string
}

const MODES: Readonly<Record<DatasetShape['load'], string>> = {
  merge: 'A row that comes again takes the place of the one of before',
  append: 'Rows are only added, never changed',
  replace: 'Each load makes the whole table anew, and it appears all at once',
}

/** Tells the way of a dataset from its source to the screen, from left to right. */
export const pipelineSteps = (facts: PipelineFacts): PipelineStep[] => [
  source(facts),
  lake(facts),
  rules(facts),
  table(facts),
  screen(facts),
]

function source({ title, connector, streamAbout, provider, schedule, paused, shape, last }: PipelineFacts): PipelineStep {
  const when = paused ? 'It is paused, so it is asked only when a person wants it.' : sentence(`It is asked ${small(schedule)}`)
  const whose = provider ? sentence(`The data belong to ${provider.name} (${provider.licence})`) : ''
  return {
    kind: 'SOURCE',
    title: 'Source',
    technicalTitle: 'Source',
    number: last?.read ?? null,
    counts: 'records read by the last load',
    plain: joined(sentence(connector.about), when, whose),
    technical: joined(
      sentence(`${title}: connector ${connector.name}, stream ${shape.from}`),
      streamAbout ? sentence(streamAbout) : '',
      sentence(paused ? 'Paused' : schedule),
      'Pages are pulled one by one; retries, limits, secrets and the cursor are the host’s.',
    ),
  }
}

function lake({ slug, shape, lake: kept, timeZone }: PipelineFacts): PipelineStep {
  const { parts, records, bytes, storedBytes, firstAt } = kept
  const since = firstAt ? ` since ${day(firstAt, timeZone)}` : ''
  return {
    kind: 'LAKE',
    title: 'Raw store',
    technicalTitle: 'Lake',
    number: records,
    counts: 'records kept as they came',
    plain:
      parts === 0
        ? 'Nothing is kept here yet. Whatever the source answers will be kept word for word before anybody touches it.'
        : `${count(parts, 'answer')} with ${count(records, 'record')} ${parts === 1 ? 'is' : 'are'} kept word for word${since}. They stay, also when the source is gone.`,
    technical: `${count(parts, 'part')} below lake/${slug}/${shape.from}, ${size(storedBytes)} on disk (zstd) for ${size(bytes)} of text, each with its SHA-256. The manifest is handover_lake_part.`,
  }
}

function rules({ shape, setAside, last }: PipelineFacts): PipelineStep {
  const { columns, key } = shape
  const required = columns.filter(({ nullable }) => !nullable).length
  const fixed = columns.filter(({ values }) => values !== null).length
  const most = columns.filter(({ max }) => max !== null).length
  const asked = [
    'the right kind of value in each',
    ...(required > 0 ? [`${required} that must not be empty`] : []),
    ...(fixed > 0 ? [`${fixed} with a fixed list of values`] : []),
    ...(most > 0 ? [`${most} with a longest text`] : []),
  ]
  const became = last
    ? ` The last load read ${count(last.read, 'record')}: ${listed([
        `${number(last.transformed)} fitted`,
        ...(last.filtered > 0 ? [`${number(last.filtered)} were left out on purpose`] : []),
        ...(last.quarantinedRecords > 0 ? [`${number(last.quarantinedRecords)} were set aside`] : []),
      ])}.`
    : ''
  const waits = setAside === 0 ? 'Nothing is set aside.' : `${count(setAside, 'entry', 'entries')} set aside and waiting for a person.`
  return {
    kind: 'RULES',
    title: 'Rules',
    technicalTitle: 'Transform, validate',
    number: setAside,
    counts: 'set aside now',
    plain: `Each record is held against ${count(columns.length, 'column')}: ${listed(asked)}.${became} ${waits}`,
    technical: joined(
      `transform, then each value against its column: ${columns.length} columns, ${required} required, ${fixed} enumerated, ${most} with a maximum.`,
      sentence(`Key: ${key.length > 0 ? key.join(', ') : 'the place of the raw record'}`),
      last
        ? `read ${number(last.read)} = transformed ${number(last.transformed)} + filtered ${number(last.filtered)} + quarantined ${number(last.quarantinedRecords)}.`
        : 'No load has ended yet.',
      `Open in handover_quarantine: ${number(setAside)}.`,
    ),
  }
}

function table({ shape, table: name, rows, last }: PipelineFacts): PipelineStep {
  const { load } = shape
  const did = last ? ` The last load ${didWords(last)}.` : ' No load has filled it yet.'
  return {
    kind: 'TABLE',
    title: 'Table',
    technicalTitle: 'Warehouse',
    number: rows,
    counts: 'rows in the table',
    plain: joined(sentence(`${shape.title}: ${small(shape.about)}`), `${MODES[load]}.${did}`),
    technical: joined(
      `Table ${name}, load: ${load}.`,
      last
        ? `made ${number(last.made)} = inserted ${number(last.inserted)} + updated ${number(last.updated)} + unchanged ${number(last.unchanged)} + superseded ${number(last.superseded)} + quarantined ${number(last.quarantinedRows)}; removed ${number(last.removed)}.`
        : '',
      'Every row carries _load_id, _loaded_at and the place of its raw record.',
    ),
  }
}

/** What a load did to a table: "added 3 rows and changed 1". */
export function didWords({
  inserted,
  updated,
  removed,
  unchanged,
}: Pick<LoadDataset, 'inserted' | 'updated' | 'removed' | 'unchanged'>): string {
  const did = [
    ...(inserted > 0 ? [`added ${count(inserted, 'row')}`] : []),
    ...(updated > 0 ? [`changed ${number(updated)}`] : []),
    ...(removed > 0 ? [`took away ${number(removed)}`] : []),
  ]
  const same = unchanged > 0 ? `found ${number(unchanged)} as before` : ''
  if (did.length === 0) return same === '' ? 'found nothing new' : `changed nothing: it ${same}`
  return listed([...did, ...(same === '' ? [] : [same])])
}

const screen = ({ question, slug, shape }: PipelineFacts): PipelineStep => ({
  kind: 'SCREEN',
  title: 'What you see',
  technicalTitle: 'Client, API',
  number: null,
  counts: null,
  plain: 'Its page draws it as maps, charts and a table. The same rows go into the file you download and into every answer of the API.',
  technical: `${question} gives the rows, /export/${slug}/${shape.name}.csv the same as a file; the charts are chosen by the kinds and roles of the columns.`,
})

const joined = (...parts: readonly string[]): string => parts.filter((part) => part !== '').join(' ')
