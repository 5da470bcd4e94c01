import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const ORDERS = 23
const PAGE = 10
/** The token that the fake API wants. */
export const TOKEN = 'correct-horse-battery'

/** A small API on the loopback: orders on numbered pages behind a token, and the lines of each order. */
export interface FakeApi extends AsyncDisposable {
  /** `host:port`, as `HANDOVER_PRIVATE_HOSTS` wants it. */
  readonly host: string
  readonly url: string
}

/** Starts the fake API on a free port. */
export async function startFakeApi(): Promise<FakeApi> {
  const server = createServer((request, response) => {
    const url = new URL(request.url!, 'http://api')
    const answer = request.headers.authorization === `Bearer ${TOKEN}` ? answerTo(url) : 401
    if (typeof answer === 'number') response.writeHead(answer).end()
    else response.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const stop = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { host, url: `http://${host}`, [Symbol.asyncDispose]: stop }
}

function answerTo({ pathname, searchParams }: URL): object | number {
  const lines = /^\/orders\/(\d+)\/lines$/.exec(pathname)
  if (lines) return { lines: [1, 2].map((id) => ({ id, article: `A-${lines[1]}-${id}`, count: id * 2 })) }
  if (pathname !== '/orders') return 404
  const from = (Number(searchParams.get('page') ?? 1) - 1) * PAGE
  return { meta: { total: ORDERS }, data: { items: all.slice(from, from + PAGE), warnings: [] } }
}

const all = Array.from({ length: ORDERS }, (_, index) => ({
  id: index + 1,
  buyer: { name: `Buyer ${index + 1}`, email: `buyer${index + 1}@example.org` },
  amounts: { total: `${index * 3 + 10}.50`, currency: 'SEK' },
  placed_at: `2026-11-${String(index + 1).padStart(2, '0')}T08:00:00Z`,
}))
