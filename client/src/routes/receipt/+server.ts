import { error, json } from '@sveltejs/kit'
import type { ReceiptAnswer } from '#lib/model/types.ts'
import { tryAsk } from '#lib/server/api.ts'
import type { RequestHandler } from './$types'

const RECEIPT = `query Receipt($source: String!, $dataset: String!, $where: JSON, $of: ReceiptMeasure, $timeZone: String!) {
  receipt(source: $source, dataset: $dataset, where: $where, of: $of, timeZone: $timeZone) {
    sentence value rows total filters query sql parameters quarantined reasons rawProblem
    load { id finishedAt } rawRecord { text landedAt request }
  }
}`

/** Where a number comes from. */
export const GET: RequestHandler = async ({ url, locals }) => {
  const text = (name: string) => url.searchParams.get(name)
  const [fn, column] = [text('fn'), text('column')]
  const variables = {
    ...{ source: text('source') ?? '', dataset: text('dataset') ?? '', where: parsed(text('where')), timeZone: locals.reader.timeZone },
    of: fn && column ? { fn, column } : null,
  }
  const { data, fault } = await tryAsk<{ receipt: ReceiptAnswer }>(RECEIPT, variables)
  if (fault) error(400, { message: fault.message })
  return json(data.receipt)
}

function parsed(text: string | null): unknown {
  try {
    return text === null ? null : JSON.parse(text)
  } catch {
    error(400, { message: 'The filter of a receipt is JSON.' })
  }
}
