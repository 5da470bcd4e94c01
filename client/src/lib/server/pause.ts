import { fail } from '@sveltejs/kit'
import { updateSource } from './source-drafts.ts'

/** Form action: stops the schedule of the source named in the form, or lets it go on. */
export async function pause({ request }: { request: Request }) {
  const form = await request.formData()
  const source = String(form.get('source') ?? '')
  const answer = await updateSource(source, { paused: form.get('paused') === 'true' })
  return answer.ok ? { source } : fail(400, { source, message: answer.message })
}
