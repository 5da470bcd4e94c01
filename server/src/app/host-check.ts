import { isIP } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { Settings } from './config.ts'
import { errorBody } from './error-body.ts'

const OWN_NAMES = ['localhost', '127.0.0.1', '[::1]']
const EVERYWHERE = ['0.0.0.0', '::', '[::]']

/** The names under which this server answers, without ports: a port may have been forwarded. */
export function allowedHosts(settings: Pick<Settings, 'host' | 'allowedHosts' | 'publicUrl'>): ReadonlySet<string> {
  const listening = EVERYWHERE.includes(settings.host) ? [] : [settings.host, `[${settings.host}]`]
  const known = settings.publicUrl === null ? [] : [new URL(settings.publicUrl).hostname]
  return new Set([...OWN_NAMES, ...listening, ...known, ...settings.allowedHosts].map((name) => name.toLowerCase()))
}

/** What watches over many processes asks them by their addresses. */
const WATCHED = ['/healthz', '/readyz', '/metrics']

/**
 * A page of another site must not reach a server by pointing its own name at this address (DNS rebinding). Such a page always comes with its name,
 * so an address in numbers is none.
 */
export function guardHosts(http: FastifyInstance, settings: Settings): void {
  const allowed = allowedHosts(settings)
  http.addHook('onRequest', async (request, reply) => {
    const name = hostNameOf(request.headers.host)
    if (name !== null && (allowed.has(name) || (isIP(name.replace(/^\[|\]$/g, '')) !== 0 && WATCHED.includes(request.url)))) return
    const message = `This server does not answer under the name "${name ?? ''}". Use http://localhost, or add the name to HANDOVER_ALLOWED_HOSTS.`
    return reply.code(421).send(errorBody('HOST_REFUSED', message, request.id))
  })
}

/** The name in a Host header, without its port; null when there is none that can be read. */
export function hostNameOf(header: string | undefined): string | null {
  const match = /^(\[[0-9a-f:.]+\]|[^:/@\s]+)(?::\d{1,5})?$/i.exec(header ?? '')
  return match ? match[1]!.toLowerCase() : null
}
