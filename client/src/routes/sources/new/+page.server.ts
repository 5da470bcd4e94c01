import { listConnectors } from '#lib/server/sources.ts'
import type { PageServerLoad } from './$types'

/** What can be added. It does not look at the address, so that a step back or forth asks nothing again. */
export const load: PageServerLoad = async () => ({ connectors: await listConnectors() })
