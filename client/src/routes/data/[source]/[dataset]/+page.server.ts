import { readFilters, readSort, shownRows, toWhere } from '#lib/model/filters.ts'
import { loadNow } from '#lib/server/load-now.ts'
import { PLACE, readRows } from '#lib/server/rows.ts'
import type { Actions, PageServerLoad } from './$types'

/** The rows that the address asks for. */
export const load: PageServerLoad = async ({ parent, url, locals }) => {
  const params = url.searchParams
  const { dataset, columns } = await parent()
  const filters = readFilters(params, columns)
  const time = columns.find((column) => column.role === 'time')
  const sort = readSort(params, columns) ?? (time ? { column: time.name, descending: true } : null)
  const rows = await readRows(dataset, {
    columns: [...columns.map((column) => column.name), ...PLACE],
    where: toWhere(filters, columns, locals.reader.timeZone),
    orderBy: sort ? [{ column: sort.column, direction: sort.descending ? 'DESC' : 'ASC' }] : [{ column: '_loadedAt', direction: 'DESC' }],
    first: shownRows(params),
  })
  return { rows, filters, sort }
}

export const actions: Actions = { load: loadNow }
