import { json } from '@sveltejs/kit'
import { forecast } from '#lib/server/source-drafts.ts'
import { readSchedule } from '#lib/server/read-draft.ts'
import type { RequestHandler } from './$types'

/** What a schedule means: in words, and its next three times. */
export const POST: RequestHandler = async ({ request }) => json(await forecast(readSchedule(await request.json())))
