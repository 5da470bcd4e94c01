import { Agent } from 'undici'
import { guardedConnect, type Resolve } from './private-network.ts'

/** One request on its way: no redirect, no retry, no unpacking. */
export interface FetchRequest {
  readonly method: 'GET' | 'POST'
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  /** Null with GET. */
  readonly body: string | null
  readonly signal: AbortSignal
}

/** The answer to it, body as it came over the wire. */
export interface FetchResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: AsyncIterable<Uint8Array>
}

/** What carries requests: the network, or recorded answers in tests. */
export interface Fetcher {
  fetch(request: FetchRequest): Promise<FetchResponse>
  close(): Promise<void>
}

/** Time-outs of the network in milliseconds, and the hosts that the private-network guard lets through. */
export interface NetworkOptions {
  /** Exact `host:port` pairs. */
  readonly allowedHosts: readonly string[]
  readonly connectMs: number
  readonly headersMs: number
  readonly bodyIdleMs: number
  readonly resolve?: Resolve
}

/** Requests over the network through undici, behind the private-network guard. */
export function networkFetcher(options: NetworkOptions): Fetcher {
  const allowed = new Set(options.allowedHosts.map((host) => host.toLowerCase()))
  const agent = new Agent({
    connect: guardedConnect(allowed, options.connectMs, options.resolve),
    headersTimeout: options.headersMs,
    bodyTimeout: options.bodyIdleMs,
    maxHeaderSize: 65_536,
  })
  return {
    async fetch({ method, url, headers, body, signal }) {
      const answer = await agent.request({ origin: url.origin, path: url.pathname + url.search, method, headers, body, signal })
      return { status: answer.statusCode, headers: flat(answer.headers), body: answer.body }
    },
    close: () => agent.destroy(),
  }
}

function flat(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const made: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) made[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value
  }
  return made
}
