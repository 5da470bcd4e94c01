import type { Place } from '../cut.ts'
import type { Content, OpenedFile } from '../locations/location.ts'
import { readText, type Batch } from '../read.ts'
import { problemRecord } from '../record.ts'
import type { Settings } from '../settings.ts'
import { FileFault } from './file-fault.ts'

const SHOWN = 1000

/**
 * The records of a file from `from` on, some at a time. A file that cannot be read, or not to its end, gives one record that says why.
 * With `most`, about that many bytes of its beginning are enough.
 */
export async function* readRecords(file: OpenedFile, from: Place, settings: Settings, most?: number): AsyncGenerator<Batch> {
  let at = from
  let content: Content | null = null
  try {
    content = await file.content(most)
    for await (const batch of readContent(content, from, settings)) {
      at = batch.end
      yield batch
    }
  } catch (error) {
    if (!(error instanceof FileFault)) throw error
    const text = content === null ? '' : await shownOf(content)
    const record = problemRecord(file.path, at.record + 1, null, text, error.message)
    yield { records: [record], end: { offset: Math.max(1, file.size), line: 1, record: at.record }, isFault: true }
  }
}

/** The same, but it throws a `FileFault` for a file that cannot be read. */
export async function* readContent(content: Content, from: Place, settings: Settings): AsyncGenerator<Batch> {
  // Loaded when such a file comes: the packages that read them take memory that most sources never need.
  if (content.format === 'parquet') yield* (await import('./parquet.ts')).readParquet(content, from)
  else if (content.format === 'xlsx') yield* (await import('./xlsx.ts')).readSheet(content, from, settings.sheet)
  else yield* readText(content, from, settings.records)
}

/** The beginning of a file for people to look at, a character for each byte. */
async function shownOf({ handle }: Content): Promise<string> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(SHOWN), 0, SHOWN, 0)
  return buffer.toString('latin1', 0, bytesRead)
}
