import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach } from 'vitest'
import { createHttp, type HttpLimits } from '../http-client.ts'
import type { Http } from '../http.ts'

/** Answers one request. */
export type Handle = (request: IncomingMessage, response: ServerResponse) => void

/** An `Http`, and what it did. */
export interface Opened {
  readonly http: Http
  readonly waits: readonly number[]
  readonly logged: readonly unknown[]
  readonly abort: AbortController
}

const endings: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of endings.splice(0)) await end()
})

/** An address at which nothing listens any more. */
export async function gone(): Promise<string> {
  const origin = await serve((_request, response) => response.end())
  await endings.pop()!()
  return origin
}

/** A server on the loopback, for one test. */
export async function serve(handle: Handle): Promise<string> {
  const server = createServer(handle)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  endings.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** An `Http` that may reach these servers and does not really wait. */
export function open(origins: readonly string[], limits: Partial<HttpLimits> = {}): Opened {
  const waits: number[] = []
  const logged: unknown[] = []
  const abort = new AbortController()
  let time = Date.parse('2026-01-31T12:00:00Z')
  const http = createHttp({
    allowedHosts: origins.map((origin) => new URL(origin).host),
    limits,
    clock: { now: () => new Date(time) },
    sleep: async (ms) => {
      waits.push(ms)
      time += ms
    },
    random: () => 0.5,
    signal: abort.signal,
    log: (message, fields) => logged.push({ message, ...fields }),
  })
  endings.push(() => http.close())
  return { http, waits, logged, abort }
}
