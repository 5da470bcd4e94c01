import { partitionOfRow, WHOLE, type Connector, type Context, type Json, type OpenStream, type Page, type Partition } from '@handover/sdk'
import {
  datasetsFrom,
  isReplaced,
  MemoryTable,
  openUnread,
  pieceOf,
  type Recorder,
  type RunnableStream,
  type UnreadConnector,
} from '@handover/sdk/host'
import { cutsOf, type Cut } from './cut-list.ts'

/** Loads that follow a first one in the conformance kit; their answers are needed there. */
const FURTHER_LOADS = 4
/** Partitions of one stream that are recorded; each asks for itself. */
const MOST_PARTITIONS = 10

type Config = Record<string, unknown>

/** What was read of one stream, or of one partition of it. */
export interface RecordedPiece {
  readonly name: string
  readonly partition: string
  readonly pages: readonly Page[]
}

/** What was read while recording. */
export interface Recording {
  readonly open: UnreadConnector
  /** Pages of every stream, of the first load and of those that went on. */
  readonly pieces: readonly RecordedPiece[]
  /** Sentences about what could not be recorded whole. */
  readonly problems: readonly string[]
}

/** Runs a connector as the conformance kit will, so that every answer that it needs is recorded; lists are cut after `most` pages. */
export async function recordAll(connector: Connector, context: Context<Config>, recorder: Recorder, most: number): Promise<Recording> {
  recorder.begin('start')
  await connector.check?.(context)
  const open = await openUnread(connector, context)
  const problems: string[] = []
  const pieces: RecordedPiece[] = []
  for (const stream of open.streams) {
    for await (const partition of firstPartitions(stream, partitionsOf(open, stream, context, pieces), problems)) {
      const reading = new PieceRecording(pieceOf(stream, partition, context), recorder, most, problems)
      await reading.first()
      if (!isReplaced(datasetsFrom(open, stream.name).map(({ shape }) => shape))) await reading.further()
      pieces.push({ name: stream.name, partition: partition.key, pages: reading.pages })
    }
    recorder.begin('start')
  }
  return { open, pieces, problems }
}

function partitionsOf(open: UnreadConnector, stream: OpenStream, context: Context<Config>, read: readonly RecordedPiece[]) {
  const parent = open.datasets.find(({ shape }) => shape.name === stream.parent)
  if (parent === undefined) return stream.partitions?.(context) ?? [WHOLE]
  const table = new MemoryTable(parent)
  for (const { pages, partition } of read.filter(({ name }) => name === parent.shape.from))
    for (const page of pages) table.add(page, partition)
  return table.rows().map((row) => partitionOfRow(parent.shape, row))
}

async function* firstPartitions(stream: OpenStream, all: Iterable<Partition> | AsyncIterable<Partition>, problems: string[]) {
  let count = 0
  for await (const partition of all) {
    if (count++ < MOST_PARTITIONS) yield partition
    else {
      problems.push(
        `Stream ${stream.name} has more than ${MOST_PARTITIONS} partitions; only those were recorded. Choose settings with fewer, or fewer records of its parent with --records.`,
      )
      return
    }
  }
}

class PieceRecording {
  readonly pages: Page[] = []
  readonly #stream: RunnableStream
  readonly #recorder: Recorder
  readonly #most: number
  readonly #problems: string[]

  constructor(stream: RunnableStream, recorder: Recorder, most: number, problems: string[]) {
    this.#stream = stream
    this.#recorder = recorder
    this.#most = most
    this.#problems = problems
  }

  async first(): Promise<void> {
    this.pages.push(...(await this.#read(null)))
  }

  /** Goes on from every checkpoint until the cursor stands still, as the kit does. */
  async further(): Promise<void> {
    for (const page of [...this.pages]) {
      let cursor = page.cursor
      for (let load = 0; load < FURTHER_LOADS && cursor !== undefined; load++) {
        const pages = await this.#read(JSON.parse(JSON.stringify(cursor)) as Json)
        this.pages.push(...pages)
        const next: Json | undefined = pages.findLast((each) => each.cursor !== undefined)?.cursor
        if (next === undefined || JSON.stringify(next) === JSON.stringify(cursor)) break
        cursor = next
      }
    }
  }

  async #read(cursor: Json): Promise<Page[]> {
    const recorder = this.#recorder
    recorder.begin(this.#stream.name)
    const read = await this.#pull(cursor, (pages) => {
      if (pages.length >= this.#most) recorder.stop()
    })
    if (recorder.refused === null) {
      if (read.error !== null) throw read.error
      return read.pages
    }
    const given = new Map(recorder.given.map((key) => [key, recorder.answers.get(key)!]))
    const next = recorder.refused
    const records = read.pages.reduce((sum, page) => sum + page.records.length, 0)
    for (const cut of cutsOf({ given, next, pages: read.pages.length, records })) {
      const pages = await this.#tryCut(cut, cursor, read.pages.length)
      if (pages !== null) return pages
    }
    this.#problems.push(
      `The list of ${this.#stream.name} goes on after ${read.pages.length} pages, and how it may end could not be told. Write an ending by hand, or record all of it with --pages.`,
    )
    return read.pages
  }

  /** The pages, when the connector comes to an end by itself with these answers; null when it does not, and nothing has changed. */
  async #tryCut(cut: Cut, cursor: Json, least: number): Promise<Page[] | null> {
    const recorder = this.#recorder
    const before = new Map(recorder.answers)
    for (const [key, answer] of cut) recorder.answers.set(key, answer)
    recorder.begin(this.#stream.name)
    recorder.stop()
    const { pages, error } = await this.#pull(cursor, () => {})
    if (error === null && recorder.refused === null && pages.length >= least) return pages
    recorder.answers.clear()
    for (const [key, answer] of before) recorder.answers.set(key, answer)
    return null
  }

  async #pull(cursor: Json, each: (pages: readonly Page[]) => void): Promise<{ pages: Page[]; error: unknown }> {
    const pages: Page[] = []
    try {
      for await (const page of this.#stream.extract(cursor)) {
        pages.push(page)
        each(pages)
      }
      return { pages, error: null }
    } catch (error) {
      return { pages, error }
    }
  }
}
