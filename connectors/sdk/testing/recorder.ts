import { ConfigError } from '../errors.ts'
import { readBody } from '../http-body.ts'
import type { Fetcher, FetchRequest } from '../http-fetch.ts'
import { requestKey } from './replay.ts'

const MOST_BYTES = 5_000_000

/** An answer as the source gave it, unpacked. */
export interface RecordedAnswer {
  /** For what it was asked, in the words of whoever recorded. */
  readonly label: string
  readonly request: { readonly method: string; readonly url: string; readonly body: string | null }
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Names of the headers that somebody looked at. */
  readonly seen: Set<string>
  readonly body: Uint8Array
}

/** A `Fetcher` that keeps every answer, and gives what it has kept instead of asking twice. */
export interface Recorder extends Fetcher {
  /** By `requestKey`, in the order in which they came. What is put here is given from then on. */
  readonly answers: Map<string, RecordedAnswer>
  /** Keys of the answers that were given since `begin`. */
  readonly given: readonly string[]
  /** The first request since `begin` that was refused; null when none was. */
  readonly refused: RecordedAnswer['request'] | null
  /** From now on, for that purpose; what is not kept yet is asked for until `close`. */
  begin(label: string): void
  /** From now on what is not kept is refused. */
  stop(): void
}

/** Makes a recorder in front of what really asks. `settle` may shorten a body before anybody sees it. */
export function recordAnswers(source: Fetcher, settle: (label: string, body: Uint8Array) => Uint8Array = (_, body) => body): Recorder {
  const answers = new Map<string, RecordedAnswer>()
  const state = { label: '', isOpen: true, given: [] as string[], refused: null as Recorder['refused'] }
  const ask = async ({ method, url, body, ...rest }: FetchRequest): Promise<RecordedAnswer> => {
    const request = { method, url: url.href, body }
    if (!state.isOpen) {
      state.refused ??= request
      throw new ConfigError('No more requests are recorded here.', { code: 'FIXTURE_MISSING' })
    }
    const answer = await source.fetch({ method, url, body, ...rest })
    const bytes = await readBody(answer.body, answer.headers['content-encoding'], MOST_BYTES)
    const { 'content-encoding': _packed, 'content-length': _length, ...headers } = answer.headers
    return { label: state.label, request, status: answer.status, headers, seen: new Set(), body: settle(state.label, bytes) }
  }
  return {
    answers,
    get given() {
      return state.given
    },
    get refused() {
      return state.refused
    },
    begin: (label) => void Object.assign(state, { label, isOpen: true, given: [], refused: null }),
    stop: () => void (state.isOpen = false),
    async fetch(request) {
      const key = requestKey(request.method, request.url.href, request.body)
      const kept = answers.get(key)
      // An answer that will be asked for again is no fixture: the one that counts comes later.
      const answer = kept !== undefined && (!isPassing(kept.status) || !state.isOpen) ? kept : await ask(request)
      answers.set(key, answer)
      state.given.push(key)
      return { status: answer.status, headers: watched(answer.headers, answer.seen), body: once(answer.body) }
    },
    close: () => source.close(),
  }
}

const isPassing = (status: number): boolean => status === 429 || status >= 500

/** The same headers; the names that are read are noted. */
const watched = (headers: Readonly<Record<string, string>>, seen: Set<string>): Readonly<Record<string, string>> =>
  new Proxy(headers, {
    get(target, name) {
      if (typeof name === 'string' && Object.hasOwn(target, name)) seen.add(name)
      return Reflect.get(target, name) as unknown
    },
  })

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
