import { json } from '@sveltejs/kit'
import { readDraft } from '#lib/server/read-draft.ts'
import { testDraft } from '#lib/server/source-drafts.ts'
import type { RequestHandler } from './$types'

/** Whether the source answers to the settings of a form. */
export const POST: RequestHandler = async ({ request }) => json(await testDraft(await readDraft(request), request.signal))
