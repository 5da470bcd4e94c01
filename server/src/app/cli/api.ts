import { CliError } from './call.ts'

/** Nobody answered: it may be tried again. */
export class UnreachableError extends CliError {}

const ANSWER_MS = 30_000
/** Codes with which the server says that a question was put wrongly. */
const WRONG_USE = ['NOT_FOUND', 'REQUEST_INVALID', 'BAD_USER_INPUT', 'HOST_REFUSED']
/** Codes of questions that the schema of the server does not know. */
const OTHER_VERSION = 'GRAPHQL_VALIDATION_FAILED'

interface Answer {
  readonly data?: unknown
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string; readonly requestId?: string } }[]
}

/** The GraphQL API of a running server. */
export class Api {
  /** Without a slash at its end. */
  readonly url: string

  constructor(url: string) {
    this.url = url
  }

  /** Asks a question; T is what it asks for. Throws a `CliError` with a sentence, an `UnreachableError` when nobody answers. */
  async ask<T>(query: string, variables: Readonly<Record<string, unknown>> = {}): Promise<T> {
    const answer = await this.#send(JSON.stringify({ query, variables }))
    const error = answer.errors?.[0]
    if (error) throw this.#refusal(error.message, error.extensions?.code ?? '', error.extensions?.requestId)
    return answer.data as T
  }

  /** What stands at a path of the server. Throws a `CliError` when it is refused, an `UnreachableError` when nobody answers in time. */
  async get(path: string, patienceMs: number): Promise<Response> {
    const response = await reach(this.url, path, {}, patienceMs)
    if (response.ok) return response
    const told = (await response.json().catch(() => null)) as { errors?: { message: string }[] } | null
    const message = told?.errors?.[0]?.message
    throw message === undefined ? this.#stranger(response.status) : new CliError(message, 1)
  }

  async #send(body: string): Promise<Answer> {
    const response = await reach(this.url, '/graphql', { method: 'POST', headers: { 'content-type': 'application/json' }, body }, ANSWER_MS)
    try {
      const answer = JSON.parse(await response.text()) as Answer
      if (typeof answer === 'object' && answer !== null && ('data' in answer || 'errors' in answer)) return answer
    } catch (cause) {
      throw this.#stranger(response.status, cause)
    }
    throw this.#stranger(response.status)
  }

  #stranger(status: number, cause?: unknown): CliError {
    return new CliError(`What answers at ${this.url} is not Handover (HTTP ${status}). ${MEND}`, 2, { cause })
  }

  #refusal(message: string, code: string, requestId: string | undefined): CliError {
    if (code === OTHER_VERSION)
      return new CliError(`The server at ${this.url} is of another version than this command and does not know the question: ${message}`)
    const where = code === 'INTERNAL' && requestId ? ` Request id: ${requestId}.` : ''
    return new CliError(`${message}${where}`, WRONG_USE.includes(code) ? 2 : 1)
  }
}

const MEND = 'Mend HANDOVER_URL or HANDOVER_PORT.'

/** Calls a path of the server. Throws an `UnreachableError` with a sentence when nobody answers in time. */
export async function reach(url: string, path: string, init: RequestInit, patienceMs: number): Promise<Response> {
  try {
    return await fetch(`${url}${path}`, { ...init, signal: AbortSignal.timeout(patienceMs) })
  } catch (cause) {
    throw new UnreachableError(sentence(url, cause, patienceMs), 2, { cause })
  }
}

function sentence(url: string, error: unknown, patienceMs: number): string {
  if ((error as Error).name === 'TimeoutError') return `The server at ${url} does not answer within ${patienceMs / 1000} seconds. ${MEND}`
  if ((error as { cause?: Error }).cause?.message === 'bad port')
    return `HTTP is not spoken on the port of ${url}, by agreement of all browsers. ${MEND}`
  const code = String((error as { cause?: { code?: unknown } }).cause?.code ?? '')
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `There is no host of that name: ${url}. Mend HANDOVER_URL.`
  if (code === 'ECONNREFUSED')
    return `No Handover runs at ${url}. Start it with "npm start", or say in HANDOVER_URL or HANDOVER_PORT where it runs.`
  return `What should be Handover at ${url} does not answer as it should${code && ` (${code})`}. ${MEND}`
}
