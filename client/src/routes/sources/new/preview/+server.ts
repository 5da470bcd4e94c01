import { json } from '@sveltejs/kit'
import { readDraft } from '#lib/server/read-draft.ts'
import { previewDraft } from '#lib/server/source-drafts.ts'
import type { RequestHandler } from './$types'

/** The first rows that the settings of a form bring. */
export const POST: RequestHandler = async ({ request }) => json(await previewDraft(await readDraft(request), request.signal))
