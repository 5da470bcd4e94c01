import { createHash } from 'node:crypto'
import type { Connector, Context, DatasetShape, Discovery, ExtractContext, Page, Partition } from './contract.ts'
import { ConfigError } from './errors.ts'
import { readRecord, type RawRecord } from './record.ts'
import { compileDataset, compileDiscovered, type CompiledDataset } from './rows.ts'

/** What a stream is read with; the hint of a discovered one is added. */
export type ReadContext = Omit<ExtractContext<any>, 'hint'>

/** A stream made ready to be read, declared or discovered. */
export interface OpenStream {
  readonly name: string
  /** The dataset whose rows are its partitions; null when it has none. */
  readonly parent: string | null
  /** Null for a stream of one piece, and for one whose pieces are the rows of its parent. */
  readonly partitions: ((context: Context<any>) => AsyncIterable<Partition>) | null
  extract(context: ReadContext): AsyncIterable<Page>
  /** Makes a record of its text in the lake; never throws. */
  parse(text: string): RawRecord
}

/** Streams and datasets of a connector made ready, the same for declared and for discovered ones. */
export interface OpenStreams {
  /** Parents before their children, else in the order in which they are declared. */
  readonly streams: readonly OpenStream[]
  readonly datasets: readonly CompiledDataset[]
}

/** The partition of a stream that is one piece. */
export const WHOLE: Partition = { key: '', value: null }

const LONGEST_KEY = 191

/** Makes a connector ready to be read. `discovery` is what it found at its source, null for one that declares its streams. */
export function openStreams(connector: Connector, discovery: Discovery | null): OpenStreams {
  const { streams, datasets } = connector.discover ? openDiscovered(connector, discovery) : openDeclared(connector)
  return { streams: parentsFirst(streams, datasets), datasets }
}

function openDeclared(connector: Connector): OpenStreams {
  return {
    datasets: Object.entries(connector.datasets ?? {}).map(([name, dataset]) => compileDataset(name, dataset)),
    streams: Object.entries(connector.streams ?? {}).map(([name, stream]) => ({
      name,
      parent: stream.parent ?? null,
      partitions: stream.partitions ? (context) => checked(name, stream.partitions!(context)) : null,
      extract: (context) => stream.extract({ ...context, hint: null }),
      parse: (text) => readRecord(text, stream.parse && ((own) => stream.parse!(own))),
    })),
  }
}

function openDiscovered(connector: Connector, discovery: Discovery | null): OpenStreams {
  if (!connector.extract || !connector.transform)
    throw new ConfigError(`The connector "${connector.name}" can find out what a source has, but not read it.`)
  return {
    datasets: (discovery?.datasets ?? []).map((dataset) => compileDiscovered(dataset, (...made) => connector.transform!(...made))),
    streams: (discovery?.streams ?? []).map(({ name, parent = null, hint = null, partitions }) => ({
      name,
      parent,
      partitions: partitions ? () => checked(name, partitions) : null,
      extract: (context) => connector.extract!(name, { ...context, hint }),
      parse: (text) => readRecord(text, connector.parse && ((own) => connector.parse!(name, own, hint))),
    })),
  }
}

/** The partition that a row of the parent is. Its key is that of the row; a long one is shortened to its hash. */
export function partitionOfRow({ key }: DatasetShape, row: Readonly<Record<string, unknown>>): Partition {
  const values = key.map((name) => String(row[name]))
  const name = values.length === 1 ? values[0]! : JSON.stringify(values)
  const isFit = name !== '' && name.length <= LONGEST_KEY
  return { key: isFit ? name : `#${createHash('sha256').update(name).digest('hex')}`, value: row }
}

async function* checked(stream: string, partitions: Iterable<Partition> | AsyncIterable<Partition>): AsyncGenerator<Partition> {
  const seen = new Set<string>()
  for await (const partition of partitions) {
    const { key } = (partition ?? {}) as Partial<Partition>
    const fault =
      typeof key !== 'string' || key === '' || key.length > LONGEST_KEY || !key.isWellFormed()
        ? `names a partition whose key is no text of 1 to ${LONGEST_KEY} characters; each is { key, value }`
        : seen.has(key)
          ? `names the partition "${key}" twice`
          : null
    if (fault !== null) throw new ConfigError(`The stream "${stream}" ${fault}.`, { code: 'CONNECTOR_INVALID' })
    seen.add(key!)
    yield partition
  }
}

function parentsFirst(streams: readonly OpenStream[], datasets: readonly CompiledDataset[]): OpenStream[] {
  const sorted = new Set<OpenStream>()
  const add = (stream: OpenStream): void => {
    const from = datasets.find(({ shape }) => shape.name === stream.parent)?.shape.from
    const parent = streams.find(({ name }) => name === from)
    if (parent !== undefined && !sorted.has(parent)) add(parent)
    sorted.add(stream)
  }
  streams.forEach(add)
  return [...sorted]
}
