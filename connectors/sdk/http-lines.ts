import { SourceError } from './errors.ts'
import { decodeText } from './http-body.ts'
import { parseRecord } from './json.ts'
import { RawRecord, rawRecord, unreadable } from './record.ts'

const LF = 10
const MOST_LINES = 1_000
const MOST_BYTES = 1_000_000
const LONGEST_LINE = 4_000_000

/** Cuts a body of NDJSON into records, at most 1,000 at a time. Throws a `SourceError` for a line of more than 4 MB. */
export async function* readLines(body: AsyncIterable<Uint8Array>): AsyncGenerator<RawRecord[]> {
  let records: RawRecord[] = []
  let bytes = 0
  for await (const line of cut(body)) {
    const record = recordOf(line)
    if (record === null) continue
    records.push(record)
    bytes += line.length
    if (records.length < MOST_LINES && bytes < MOST_BYTES) continue
    yield records
    ;[records, bytes] = [[], 0]
  }
  if (records.length > 0) yield records
}

async function* cut(body: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0)
  for await (const chunk of body) {
    const bytes = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk])
    let from = 0
    for (let end = bytes.indexOf(LF); end !== -1; end = bytes.indexOf(LF, from)) {
      yield bytes.subarray(from, end)
      from = end + 1
    }
    rest = bytes.subarray(from)
    if (rest.length > LONGEST_LINE)
      throw new SourceError('The source sent a line of more than 4 MB where one record per line was expected.', {
        code: 'SOURCE_TOO_LARGE',
      })
  }
  if (rest.length > 0) yield rest
}

/** Null for an empty line. */
function recordOf(line: Buffer): RawRecord | null {
  let text = line.toString('latin1')
  try {
    text = decodeText(line, undefined).replace(/\r$/, '')
    return text.trim() === '' ? null : rawRecord(text, parseRecord(text))
  } catch (error) {
    return unreadable(text, error instanceof Error ? error.message : String(error))
  }
}
