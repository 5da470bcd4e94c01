import { fail, redirect } from '@sveltejs/kit'
import { ask, tryAsk } from '#lib/server/api.ts'
import { readNotes } from '#lib/server/notes.ts'
import type { Actions, PageServerLoad } from './$types'

interface Names {
  sources: { slug: string; title: string }[]
  datasets: { sourceSlug: string; name: string; title: string }[]
}

/** All notes, and the titles of what they are about. */
export const load: PageServerLoad = async () => {
  const [notes, { sources, datasets }] = await Promise.all([
    readNotes(),
    ask<Names>('query Names { sources { slug title } datasets { sourceSlug name title } }'),
  ])
  return { notes, sources, datasets }
}

const text = (form: FormData, name: string): string | null => String(form.get(name) ?? '').trim() || null

/** Back to the page that the note is about; never to another host. */
function backTo(form: FormData): string {
  const back = text(form, 'back') ?? '/notes'
  return /^\/(?![/\\])/.test(back) ? back : '/notes'
}

export const actions: Actions = {
  add: async ({ request }) => {
    const form = await request.formData()
    const input = {
      ...{ source: text(form, 'source'), dataset: text(form, 'dataset'), column: text(form, 'column'), load: text(form, 'load') },
      ...{ text: text(form, 'text') ?? '', by: text(form, 'by') },
    }
    const { fault } = await tryAsk('mutation AddNote($input: AddNote!) { addNote(input: $input) { id } }', { input })
    if (fault) return fail(400, { message: fault.message })
    redirect(303, backTo(form))
  },
  remove: async ({ request }) => {
    const form = await request.formData()
    const { fault } = await tryAsk('mutation RemoveNote($id: ID!) { removeNote(id: $id) { id } }', { id: text(form, 'id') ?? '' })
    if (fault) return fail(400, { message: fault.message })
    redirect(303, backTo(form))
  },
}
