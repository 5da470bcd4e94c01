import { fail, redirect } from '@sveltejs/kit'
import { loadNow } from '#lib/server/load-now.ts'
import { pause } from '#lib/server/pause.ts'
import { removeSource } from '#lib/server/source-drafts.ts'
import { listSources } from '#lib/server/sources.ts'
import type { Actions, PageServerLoad } from './$types'

/** Every source, what could be added, and the tables of removed sources. */
export const load: PageServerLoad = () => listSources()

export const actions: Actions = {
  load: loadNow,
  pause,
  /** Removes the tables that a removed source left behind, once its name is typed. */
  forget: async ({ request }) => {
    const form = await request.formData()
    const slug = String(form.get('slug') ?? '')
    const answer = await removeSource(slug, String(form.get('typed') ?? ''))
    if (!answer.ok) return fail(400, { forget: slug, refused: answer.message })
    // In the address, the sentence stays when the page asks anew, also where the form was sent without JavaScript.
    redirect(303, `/sources?forgotten=${encodeURIComponent(slug)}`)
  },
}
