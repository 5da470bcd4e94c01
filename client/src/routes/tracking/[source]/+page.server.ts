import { loadNow } from '#lib/server/load-now.ts'
import { choosePerson } from '#lib/server/people.ts'
import { PLACE, readRows } from '#lib/server/rows.ts'
import { shownRows } from '#lib/model/filters.ts'
import type { Actions, PageServerLoad } from './$types'

/** Who is chosen, and the newest rows of the table. */
export const load: PageServerLoad = async ({ parent, url }) => {
  const wanted = url.searchParams.get('person')
  const first = shownRows(url.searchParams)
  const { dataset } = await parent()
  const columns = [...dataset.columns.filter((column) => column.kind !== 'json').map((column) => column.name), ...PLACE]
  const [chosen, newest] = await Promise.all([
    choosePerson(dataset, wanted),
    readRows(dataset, { columns, orderBy: [{ column: '_loadedAt', direction: 'DESC' }], first }),
  ])
  return { chosen, newest }
}

export const actions: Actions = { load: loadNow }
