import { fileLink, readColumns } from '#lib/model/file.ts'
import { readFilters, readSort, shownRows, toWhere } from '#lib/model/filters.ts'
import { loadNow } from '#lib/server/load-now.ts'
import { PLACE, readRows, type Order } from '#lib/server/rows.ts'
import type { Actions, PageServerLoad } from './$types'

/** The rows that the address asks for. */
export const load: PageServerLoad = async ({ parent, url, locals }) => {
  const params = url.searchParams
  const { dataset, columns } = await parent()
  const filters = readFilters(params, columns)
  const time = columns.find((column) => column.role === 'time')
  const sort = readSort(params, columns) ?? (time ? { column: time.name, descending: true } : null)
  const where = toWhere(filters, columns, locals.reader.timeZone)
  const orderBy: Order[] | null = sort ? [{ column: sort.column, direction: sort.descending ? 'DESC' : 'ASC' }] : null
  const rows = await readRows(dataset, {
    columns: [...columns.map((column) => column.name), ...PLACE],
    where,
    orderBy: orderBy ?? [{ column: '_loadedAt', direction: 'DESC' }],
    first: shownRows(params),
  })
  const chosen = readColumns(params, columns)
  return { rows, filters, sort, chosen, file: fileLink(dataset, { columns: chosen, where, orderBy: params.has('sort') ? orderBy : null }) }
}

export const actions: Actions = { load: loadNow }
