import { json } from '@sveltejs/kit'
import { readDraft, readSchedule } from '#lib/server/read-draft.ts'
import { createSource } from '#lib/server/source-drafts.ts'
import type { RequestHandler } from './$types'

/** Makes the source that was filled in. */
export const POST: RequestHandler = async ({ request }) => {
  const draft = await readDraft(request)
  return json(await createSource({ ...draft, slug: draft.slug ?? '', title: draft.title ?? '', schedule: readSchedule(draft.schedule) }))
}
