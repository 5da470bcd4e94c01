import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach } from 'vitest'

/** A server on this machine, and what it was asked. */
export interface TestServer {
  /** `127.0.0.1:1234`, as an operator would let it through. */
  readonly host: string
  readonly origin: string
  /** Method, path and status of each request, in their order. */
  readonly asked: string[]
}

/** Starts a server for one test. */
export async function serve(answer: (request: IncomingMessage, response: ServerResponse) => void): Promise<TestServer> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    response.on('finish', () => asked.push(`${request.method} ${request.url} ${response.statusCode}`))
    answer(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  ends.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return { host, origin: `http://${host}`, asked }
}

const ends: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0)) await end()
})
