import { error, json } from '@sveltejs/kit'
import type { RawRecord } from '#lib/model/types.ts'
import { ask } from '#lib/server/api.ts'
import type { RequestHandler } from './$types'

const RAW = `query Raw($part: Int64!, $line: Int!) {
  rawRecord(part: $part, line: $line) { text source stream loadId landedAt request }
}`

/** What the source said about one row, word for word. */
export const GET: RequestHandler = async ({ url }) => {
  const [part, line] = [Number(url.searchParams.get('part')), Number(url.searchParams.get('line'))]
  if (!Number.isSafeInteger(part) || !Number.isSafeInteger(line))
    error(400, { message: 'The place of a raw answer is a part and a line, both whole numbers.' })
  const { rawRecord } = await ask<{ rawRecord: RawRecord | null }>(RAW, { part, line })
  if (!rawRecord) error(404, { message: 'There is no raw answer at this place.' })
  return json(rawRecord)
}
