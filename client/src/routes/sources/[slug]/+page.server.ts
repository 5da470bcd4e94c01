import { fail, redirect } from '@sveltejs/kit'
import { configOf, type Values } from '#lib/model/settings-form.ts'
import { loadNow } from '#lib/server/load-now.ts'
import { readNotes } from '#lib/server/notes.ts'
import { pause } from '#lib/server/pause.ts'
import { readSchedule } from '#lib/server/read-draft.ts'
import { removeSource, updateSource, type Refusal } from '#lib/server/source-drafts.ts'
import { getForm, getSource } from '#lib/server/sources.ts'
import type { Actions, PageServerLoad } from './$types'

/** The source, its form, its last loads and what people wrote about it. */
export const load: PageServerLoad = async ({ params }) => {
  const [source, notes] = await Promise.all([getSource(params.slug), readNotes(params.slug)])
  return { ...source, notes }
}

/** What of a refusal goes back to the page: never what was typed, which the page still has and which may be a secret. */
const refusedAt = (part: string, { message, faults }: Refusal) => fail(400, { part, message, faults })

export const actions: Actions = {
  load: loadNow,
  pause,
  /** Changes name and settings; secrets that are left empty stay. */
  settings: async ({ request, params }) => {
    const form = await request.formData()
    const fields = await getForm(String(form.get('connector') ?? ''))
    const values: Values = Object.fromEntries(
      fields.map(({ name }) => [name, form.has(`remove.${name}`) ? null : text(form, `config.${name}`)]),
    )
    const { config, faults } = configOf(fields, values)
    const named = faults.map(({ name, message }) => ({ name: `config.${name}`, message }))
    if (faults.length > 0) return refusedAt('settings', { ok: false, message: 'A setting is not JSON.', faults: named })
    const answer = await updateSource(params.slug, { title: text(form, 'title'), config })
    return answer.ok ? { part: 'settings', done: true } : refusedAt('settings', answer)
  },
  schedule: async ({ request, params }) => {
    const form = await request.formData()
    const answer = await updateSource(params.slug, { schedule: readSchedule(JSON.parse(text(form, 'schedule') || 'null')) })
    return answer.ok ? { part: 'schedule', done: true } : refusedAt('schedule', answer)
  },
  /** Removes the source; its tables only when its name is typed. */
  remove: async ({ request, params }) => {
    const form = await request.formData()
    const answer = await removeSource(params.slug, form.get('tables') === 'remove' ? text(form, 'typed') : null)
    if (!answer.ok) return refusedAt('remove', answer)
    redirect(303, `/sources?removed=${params.slug}`)
  },
}

const text = (form: FormData, name: string): string => String(form.get(name) ?? '')
