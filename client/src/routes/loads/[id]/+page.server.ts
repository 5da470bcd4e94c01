import { loadActions } from '#lib/server/load-actions.ts'
import { getLoad } from '#lib/server/loads.ts'
import type { Actions, PageServerLoad } from './$types'

/** The load that the address names, as it is now. */
export const load: PageServerLoad = async ({ params }) => ({ load: await getLoad(params.id) })

export const actions: Actions = loadActions
