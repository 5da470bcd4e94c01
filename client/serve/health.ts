import type { ServerResponse } from 'node:http'
import type { ServeSettings } from './settings.ts'

const PATIENCE_MS = 2_000

/**
 * `/healthz`: the dashboard lives, whatever the API does, because starting it anew would not mend the API. `/readyz`: the API is ready too; what
 * it says is passed on.
 */
export async function answerHealth(path: '/healthz' | '/readyz', { api }: ServeSettings, response: ServerResponse): Promise<void> {
  const { status, body } = path === '/healthz' ? { status: 200, body: '{"status":"ok"}' } : await readiness(api)
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(body)
}

async function readiness(api: URL): Promise<{ status: number; body: string }> {
  try {
    const answer = await fetch(new URL('/readyz', api), { signal: AbortSignal.timeout(PATIENCE_MS) })
    return { status: answer.status === 200 ? 200 : 503, body: await answer.text() }
  } catch {
    return { status: 503, body: JSON.stringify({ status: 'not ready', reason: 'The server behind the dashboard does not answer.' }) }
  }
}
