import { boardOf } from '#lib/model/boards.ts'
import { followRow } from '#lib/server/follow-row.ts'
import { readNotes } from '#lib/server/notes.ts'
import { getPipeline } from '#lib/server/pipelines.ts'
import type { PageServerLoad } from './$types'

/** The way of one dataset, with one row of it to follow. */
export const load: PageServerLoad = async ({ params, locals }) => {
  const { dataset, source } = await getPipeline(params.source, params.dataset, locals.reader)
  const [followed, notes] = await Promise.all([followRow(dataset), readNotes(params.source)])
  return { dataset, source, board: boardOf(dataset), followed, notes }
}
