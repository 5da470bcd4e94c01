import { boardOf } from '#lib/model/boards.ts'
import { readPipelines } from '#lib/server/pipelines.ts'
import type { PageServerLoad } from './$types'

/** The way of every dataset. */
export const load: PageServerLoad = async ({ locals }) => {
  const datasets = await readPipelines(locals.reader)
  return { datasets: datasets.map((dataset) => ({ ...dataset, board: boardOf(dataset) })) }
}
