import type { IncomingMessage, ServerResponse } from 'node:http'
import { answerHealth } from './health.ts'
import { passOn } from './pass-on.ts'
import { refuse } from './refuse.ts'
import type { ServeSettings } from './settings.ts'

/** Draws a page; what SvelteKit builds. */
export type Pages = (request: IncomingMessage, response: ServerResponse) => void

/** What the API answers; everything else is a page. */
const OF_THE_API = /^\/(?:graphql|media|export)(?=[/?]|$)/

/**
 * Answers one request: health by itself, data from the API, all else as a page. As in `npm start` it answers only under its own names, so that
 * a page of another site cannot reach it by pointing a name at this address.
 */
export function answer(settings: ServeSettings, pages: Pages): (request: IncomingMessage, response: ServerResponse) => void {
  const { names, publicUrl } = settings
  return (request, response) => {
    const path = request.url ?? '/'
    if (path === '/healthz' || path === '/readyz') return void answerHealth(path, settings, response)
    const name = nameOf(request.headers.host)
    if (name === null || !names.has(name)) {
      const message = `This server does not answer under the name "${name ?? ''}". Use http://localhost, or add the name to HANDOVER_ALLOWED_HOSTS.`
      return refuse(response, 421, 'HOST_REFUSED', message)
    }
    if (OF_THE_API.test(path)) return passOn(request, response, settings.api)
    // Forms are taken only from the address that people see. What the header said before was written by whoever asks.
    const isPublic = publicUrl?.protocol === 'https:' && request.headers.host?.toLowerCase() === publicUrl.host
    request.headers['x-forwarded-proto'] = isPublic ? 'https' : 'http'
    response.setHeader('x-content-type-options', 'nosniff').setHeader('referrer-policy', 'same-origin')
    pages(request, response)
  }
}

/** The name in a Host header, without its port; null when there is none that can be read. */
function nameOf(header: string | undefined): string | null {
  return /^(\[[0-9a-f:.]+\]|[^:/@\s]+)(?::\d{1,5})?$/i.exec(header ?? '')?.[1]?.toLowerCase() ?? null
}
