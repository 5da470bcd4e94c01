import { readGaps } from '#lib/server/pack.ts'
import type { PageServerLoad } from './$types'

/** What is missing in the handover pack. */
export const load: PageServerLoad = async () => ({ gaps: await readGaps() })
