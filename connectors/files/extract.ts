import { SourceError, type ExtractContext, type Page, type RawRecord } from '@handover/sdk'
import { isKeyedByPlace } from './discover.ts'
import { readRecords } from './formats/read-records.ts'
import type { FoundFile, Location, OpenedFile } from './locations/location.ts'
import { locationOf } from './locations/location-of.ts'
import { Progress } from './progress.ts'
import { goneRecord, problemRecord } from './record.ts'
import type { Settings } from './settings.ts'

const MOST_RECORDS = 2_500
const MOST_CHARACTERS = 2_000_000
const GONE_BATCH = 1000
const FILES_NAMED = 5

/** Some records of a file; `progress` stands behind them. */
interface Step {
  readonly file: string
  readonly records: readonly RawRecord[]
}

/** Reads new and changed files in the order of their names, a changed one as a whole. A page may end in the middle of a file, or hold many. */
export async function* extract(context: ExtractContext<Settings>): AsyncGenerator<Page> {
  const progress = new Progress(context.cursor)
  let draft = new Draft()
  for await (const step of steps(progress, context)) {
    draft.add(step)
    if (!draft.isFull) continue
    yield draft.page(progress)
    draft = new Draft()
  }
  if (!draft.isEmpty) yield draft.page(progress)
}

/** A page that grows until it is full. */
class Draft {
  readonly #records: RawRecord[] = []
  readonly #files = new Set<string>()
  #characters = 0

  add({ file, records }: Step): void {
    this.#files.add(file)
    for (const record of records) {
      this.#records.push(record)
      this.#characters += record.rest.length
    }
  }

  get isFull(): boolean {
    return this.#records.length >= MOST_RECORDS || this.#characters >= MOST_CHARACTERS
  }

  get isEmpty(): boolean {
    return this.#records.length === 0
  }

  page(progress: Progress): Page {
    const named = [...this.#files].slice(0, FILES_NAMED).join(', ')
    const more = this.#files.size - FILES_NAMED
    return { records: this.#records, cursor: progress.toCursor(), request: more > 0 ? `${named} and ${more} more files` : named }
  }
}

async function* steps(progress: Progress, context: ExtractContext<Settings>): AsyncGenerator<Step> {
  const location = await locationOf(context)
  for (const file of progress.inOrder(await location.list())) {
    context.signal.throwIfAborted()
    if (file.refused === null) yield* openAndRead(location, file, progress, context)
    else yield* closed(file, file.refused, progress)
  }
}

/** Sets a file aside that cannot be opened, once. */
function* closed(file: FoundFile, reason: string, progress: Progress): Generator<Step> {
  if (progress.close(file)) yield { file: file.path, records: [problemRecord(file.path, 1, null, '', reason)] }
}

async function* openAndRead(
  location: Location,
  file: FoundFile,
  progress: Progress,
  context: ExtractContext<Settings>,
): AsyncGenerator<Step> {
  const opened = await location.open(file, progress.known(file.path)).catch(systemError)
  if (opened instanceof Error) yield* closed(file, `The file cannot be opened (${opened.code}).`, progress)
  else if (opened !== null) {
    try {
      yield* readOpened(opened, progress, context)
    } catch (error) {
      throw unread(file.path, systemError(error))
    } finally {
      await opened.close()
    }
  }
}

function unread(path: string, error: NodeJS.ErrnoException): SourceError {
  const message =
    error.code === 'ENOSPC'
      ? `There is no room left to unpack the file ${path}. It is unpacked in the folder for temporary files (TMPDIR).`
      : `The file ${path} could not be read to its end.`
  return new SourceError(message, { detail: error.message, cause: error })
}

/** What the system says about files and folders; everything else is thrown on. */
function systemError(error: unknown): NodeJS.ErrnoException {
  if (error instanceof Error && 'syscall' in error) return error as NodeJS.ErrnoException
  throw error
}

async function* readOpened(file: OpenedFile, progress: Progress, context: ExtractContext<Settings>): AsyncGenerator<Step> {
  const from = progress.start(file)
  if (from === null) return
  let last: Step | null = null
  let isBroken = false
  for await (const { records, end, isFault = false } of readRecords(file, from, context.config)) {
    context.signal.throwIfAborted()
    if (last !== null) yield last
    progress.advance(end)
    last = { file: file.path, records }
    isBroken = isFault
  }
  // Rows that a broken file brought before may well be in it again once it is mended.
  const gone = isKeyedByPlace(context.hint) && !isBroken ? progress.gone() : null
  if (gone === null) progress.finish(isBroken)
  if (last !== null) yield last
  context.log('File read', { file: file.path })
  if (gone !== null) yield* removals(file.path, gone, progress)
}

/** Records that the file held once: without a key of their own their rows are known by their place, and the place is empty now. */
function* removals(path: string, { from, to }: { readonly from: number; readonly to: number }, progress: Progress): Generator<Step> {
  for (let start = from; start <= to; start += GONE_BATCH) {
    const count = Math.min(GONE_BATCH, to - start + 1)
    if (start + count > to) progress.finish()
    yield { file: path, records: Array.from({ length: count }, (_, index) => goneRecord(path, start + index)) }
  }
}
