import { fault, faultFrom, ok, warning, type Check } from '../../../shared/check.ts'
import { StartError } from '../../../shared/errors.ts'
import { readServerUrl, type Role } from '../../config.ts'
import { reach, UnreachableError } from '../api.ts'

const ANSWER_MS = 5000

/** Whether Handover runs at its address and is ready. That it does not run is no fault: perhaps it is not meant to. */
export async function checkServer(env: Readonly<Record<string, string | undefined>>, role: Role): Promise<Check[]> {
  if (role === 'worker' && !env['HANDOVER_URL'])
    return [ok('server', 'A worker has no address of its own; HANDOVER_URL names that of the API.')]
  try {
    return [await look(readServerUrl(env))]
  } catch (error) {
    if (!(error instanceof StartError || error instanceof UnreachableError)) throw error
    return [{ ...faultFrom('server', error), state: 'warning' }]
  }
}

async function look(url: string): Promise<Check> {
  const response = await reach(url, '/readyz', {}, ANSWER_MS)
  const answer = await response.text().then(jsonOf)
  const refused = (answer as { errors?: { message?: unknown }[] } | null)?.errors?.[0]?.message
  if (typeof refused === 'string') return warning('server', refused)
  const status = (answer as { status?: unknown } | null)?.status
  if (response.status === 200 && status === 'ready') return ok('server', `Handover runs at ${url} and is ready.`)
  if (response.status === 503 && typeof status === 'string')
    return warning('server', `Handover at ${url} is ${status}.`, 'Look again in a minute; its log says what it waits for.')
  return fault('server', `What answers at ${url} is not Handover (HTTP ${response.status}).`, 'Choose another port with HANDOVER_PORT.')
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
