import { error } from '@sveltejs/kit'

interface Answer<Data> {
  data?: Data | null
  errors?: { message: string; extensions?: { code?: string } }[]
}

/** Where the API answers this process. Always the internal address, never the host a browser names. */
function address(): string {
  return process.env.HANDOVER_INTERNAL_API ?? 'http://127.0.0.1:3000'
}

/**
 * Asks the API; the only place of the dashboard that does. Throws a page error with words for a person:
 * 503 when the server does not answer, 404 for an unknown thing, 502 for an answer that is an error.
 */
export async function ask<Data>(document: string, variables: Record<string, unknown> = {}): Promise<Data> {
  const answer = await send<Data>(document, variables)
  const fault = answer.errors?.[0]
  if (fault) error(fault.extensions?.code === 'NOT_FOUND' ? 404 : 502, { message: fault.message, code: fault.extensions?.code })
  if (!answer.data) error(502, { message: 'The server answered without data. Try again in a moment.' })
  return answer.data
}

async function send<Data>(document: string, variables: Record<string, unknown>): Promise<Answer<Data>> {
  let response: Response
  try {
    response = await fetch(`${address()}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ query: document, variables }),
      signal: AbortSignal.timeout(20_000),
    })
  } catch {
    error(503, { message: 'The server does not answer. It may be starting or stopped.' })
  }
  try {
    return (await response.json()) as Answer<Data>
  } catch {
    error(502, { message: 'The server answered something that is not data. Try again in a moment.' })
  }
}
