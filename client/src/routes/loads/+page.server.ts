import { readLoadFilters } from '#lib/model/load-filters.ts'
import { listLoads } from '#lib/server/loads.ts'
import type { PageServerLoad } from './$types'

/** The loads that the address asks for. */
export const load: PageServerLoad = async ({ url, locals }) => {
  const { loads, sums, sources } = await listLoads(url.searchParams, new Date(), locals.reader)
  return { loads, sums, sources, filters: readLoadFilters(url.searchParams, sources) }
}
