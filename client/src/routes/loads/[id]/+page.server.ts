import { loadActions } from '#lib/server/load-actions.ts'
import { getLoad } from '#lib/server/loads.ts'
import { readNotes } from '#lib/server/notes.ts'
import type { Actions, PageServerLoad } from './$types'

/** The load that the address names, as it is now, and what people wrote about it. */
export const load: PageServerLoad = async ({ params }) => {
  const load = await getLoad(params.id)
  return { load, notes: await readNotes(load.sourceSlug) }
}

export const actions: Actions = loadActions
