import { fail, isHttpError, redirect } from '@sveltejs/kit'
import { ask } from './api.ts'
import { loadNow } from './load-now.ts'

interface Event {
  request: Request
  params: { id: string }
}

/** Form actions of the page of one load. Each says in `message` why it could not be done. */
export const loadActions = {
  /** Runs the source again, and shows that load. */
  again: async ({ request }: Event) => {
    const answer = await loadNow({ request })
    if ('began' in answer) redirect(303, `/loads/${answer.began}`)
    return answer
  },

  /** Stops the load at the edge of a batch. */
  cancel: ({ params }: Event) => change('cancelLoad', params.id, 'The load could not be stopped.'),

  /** Keeps the rows of before. */
  keep: ({ params }: Event) => change('dismissLoad', params.id, 'Your answer could not be kept.'),

  /** Takes the new list, and shows the load that does so. */
  accept: async ({ params }: Event) => {
    const answer = await change('acceptLoad', params.id, 'Your answer could not be kept.')
    if ('done' in answer) redirect(303, `/loads/${answer.done}`)
    return answer
  },
}

async function change(mutation: 'cancelLoad' | 'acceptLoad' | 'dismissLoad', id: string, otherwise: string) {
  try {
    const { load } = await ask<{ load: { id: string } }>(`mutation ($id: ID!) { load: ${mutation}(id: $id) { id } }`, { id })
    return { done: load.id }
  } catch (fault) {
    const message = isHttpError(fault) ? fault.body.message : `${otherwise} Try again in a moment.`
    return fail(isHttpError(fault) ? fault.status : 500, { message })
  }
}
