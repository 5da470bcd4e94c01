import { fail, isHttpError } from '@sveltejs/kit'
import { ask } from './api.ts'

/** Form action: begins a load of the source named in the form. The page then shows it running. */
export async function loadNow({ request }: { request: Request }) {
  const source = String((await request.formData()).get('source') ?? '')
  try {
    const { loadNow: load } = await ask<{ loadNow: { id: string } }>(
      `mutation LoadNow($source: String!) { loadNow(source: $source) { id } }`,
      { source },
    )
    return { source, began: load.id }
  } catch (fault) {
    const message = isHttpError(fault) ? fault.body.message : 'The load could not begin. Try again in a moment.'
    return fail(isHttpError(fault) ? fault.status : 500, { source, message })
  }
}
