import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createHttp, type Context } from '@handover/sdk'
import { collectPages, type RunnableStream } from '@handover/sdk/testing'
import { discover } from '../discover.ts'
import { extract } from '../extract.ts'
import { settings, type Settings } from '../settings.ts'

/** What a local API answers: a status, or an answer in JSON with headers where it has some. */
export type Answer = number | { readonly body: unknown; readonly headers?: Readonly<Record<string, string>> }

/** A local API that remembers what it was asked. */
export interface LocalApi extends AsyncDisposable {
  readonly url: string
  /** Paths with their queries, in the order asked. */
  readonly asked: string[]
  /** Settings for this API, as a connector gets them; `%` in the definition stands for its address. */
  context(definition: string, secret?: string, isAllowed?: boolean): Context<Settings>
}

/** Starts an API on the loopback. */
export async function startApi(answer: (request: IncomingMessage, url: URL, body: string) => Answer): Promise<LocalApi> {
  const asked: string[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    asked.push(request.url!)
    const given = answer(request, new URL(request.url!, 'http://api'), body)
    if (typeof given === 'number') response.writeHead(given).end('{}')
    else response.writeHead(200, { 'content-type': 'application/json', ...given.headers }).end(JSON.stringify(given.body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const url = `http://${host}`
  const abort = new AbortController()
  const ends: (() => Promise<unknown>)[] = []
  let now = Date.parse('2026-11-26T12:00:00Z')
  return {
    url,
    asked,
    context(definition, secret, isAllowed = true) {
      const clock = { now: () => new Date(now) }
      const sleep = async (ms: number) => void (now += ms)
      const http = createHttp({
        allowedHosts: isAllowed ? [host] : [],
        limits: { tries: 1 },
        clock,
        sleep,
        random: () => 0,
        signal: abort.signal,
        log: () => {},
      })
      ends.push(() => http.close())
      const config = settings.parse({ definition: definition.replaceAll('%', url), ...(secret !== undefined && { secret }) })
      return { config, http, signal: abort.signal, filesFolder: '/', log: () => {}, now: clock.now }
    },
    async [Symbol.asyncDispose]() {
      for (const end of ends) await end()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Reads one stream from its start, or from a cursor on. */
export async function readStream(
  context: Context<Settings>,
  name: string,
  cursor: RunnableStream extends { extract(cursor: infer C): unknown } ? C : never = null,
) {
  const { streams } = await discover(context, null)
  const hint = streams.find((stream) => stream.name === name)?.hint ?? null
  const from = (at: typeof cursor) => extract(name, { ...context, cursor: at, hint, partition: { key: '', value: null } })
  return collectPages({ name, partition: '', extract: from, parse: () => null }, cursor)
}
