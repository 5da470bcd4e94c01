import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigError } from '../errors.ts'
import type { Fetcher } from '../http-fetch.ts'
import { stringifyJson } from '../json.ts'

/** One recorded answer, a JSON file in a connector's `fixtures` folder. */
export interface Fixture {
  /** Where the answer comes from and when, such as `recorded 2026-01-31` or `from the API's documentation`. */
  readonly origin: string
  /** `body` tells questions apart that are posted to one address: the text as sent, or the JSON of it. */
  readonly request: { readonly method: string; readonly url: string; readonly body?: unknown }
  readonly response: {
    readonly status: number
    readonly headers: Readonly<Record<string, string>>
    /** Text as it was sent; other JSON is written out as JSON. */
    readonly body: unknown
  }
}

/** A `Fetcher` that answers from fixtures and remembers what it was asked in vain. */
export interface Replay extends Fetcher {
  /** Requests without a fixture. */
  readonly missing: readonly string[]
}

/** Reads the fixtures of a folder: all of its `.json` files. Throws when one is not a fixture or two answer the same request. */
export function readFixtures(folder: string): Fixture[] {
  if (!existsSync(folder)) throw new Error(`There is no fixtures folder ${folder}.`)
  const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
  const fixtures = names.map((name) => checkFixture(name, JSON.parse(readFileSync(join(folder, name), 'utf8')) as Fixture))
  const requests = fixtures.map(({ request }) => requestKey(request.method, request.url, request.body))
  const twice = requests.find((request, index) => requests.indexOf(request) !== index)
  if (twice !== undefined) throw new Error(`Two fixtures answer ${twice}.`)
  return fixtures
}

/** Serves fixtures in place of the network. A request that was not recorded fails. */
export function replay(fixtures: readonly Fixture[]): Replay {
  const answers = new Map(fixtures.map(({ request, response }) => [requestKey(request.method, request.url, request.body), response]))
  const missing: string[] = []
  return {
    missing,
    async fetch({ method, url, body }) {
      const request = requestKey(method, url.href, body)
      const answer = answers.get(request)
      if (answer === undefined) {
        missing.push(request)
        throw new ConfigError(`No fixture answers ${request}.`, { code: 'FIXTURE_MISSING' })
      }
      const text = typeof answer.body === 'string' ? answer.body : stringifyJson(answer.body)
      return { status: answer.status, headers: lowered(answer.headers), body: once(Buffer.from(text)) }
    },
    close: async () => {},
  }
}

function checkFixture(name: string, fixture: Fixture): Fixture {
  const complete =
    typeof fixture.origin === 'string' &&
    fixture.origin.trim() !== '' &&
    typeof fixture.request?.method === 'string' &&
    typeof fixture.request.url === 'string' &&
    typeof fixture.response?.status === 'number' &&
    typeof fixture.response.headers === 'object' &&
    'body' in fixture.response
  if (!complete) throw new Error(`${name} is no fixture: it needs origin, request { method, url } and response { status, headers, body }.`)
  return fixture
}

/** What tells one request from another; the order of names in a query does not matter. */
export function requestKey(method: string, address: string, body: unknown = null): string {
  const url = new URL(address)
  url.searchParams.sort()
  const sent = body === null || typeof body === 'string' ? body : stringifyJson(body)
  return `${method.toUpperCase()} ${url.href}${sent === null ? '' : ` ${sent}`}`
}

/** Fixtures hold unpacked bodies, whatever the recorded headers say. */
function lowered(headers: Readonly<Record<string, string>>): Record<string, string> {
  const made = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  delete made['content-encoding']
  delete made['content-length']
  return made
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
