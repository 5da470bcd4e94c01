import { error } from '@sveltejs/kit'

/** What the API answers with when it refuses. */
export interface ApiFault {
  message: string
  code?: string
  /** The parts of the input at fault. */
  fields: { name: string; message: string }[]
}

/** How one question is asked, when not in the usual way. */
export interface AskOptions {
  /** Ends the question; the server then stops its work too. */
  signal?: AbortSignal
  /** Milliseconds until an answer must be there; 20 seconds when left out. */
  patience?: number
}

interface Answer<Data> {
  data?: Data | null
  errors?: { message: string; extensions?: { code?: string; fields?: ApiFault['fields'] } }[]
}

const PATIENCE = 20_000

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

/**
 * Asks the API for something that a person may have put wrongly: a refusal is an answer here, with the parts at fault. Still throws a page
 * error when the server does not answer.
 */
export async function tryAsk<Data>(
  document: string,
  variables: Record<string, unknown>,
  options: AskOptions = {},
): Promise<{ data: Data; fault?: undefined } | { fault: ApiFault; data?: undefined }> {
  const { data, errors } = await send<Data>(document, variables, options)
  const first = errors?.[0]
  if (first) return { fault: { message: first.message, code: first.extensions?.code, fields: first.extensions?.fields ?? [] } }
  if (!data) error(502, { message: 'The server answered without data. Try again in a moment.' })
  return { data }
}

async function send<Data>(
  document: string,
  variables: Record<string, unknown>,
  { signal, patience = PATIENCE }: AskOptions = {},
): Promise<Answer<Data>> {
  const limit = AbortSignal.timeout(patience)
  let response: Response
  try {
    response = await fetch(`${address()}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify({ query: document, variables }),
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
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
