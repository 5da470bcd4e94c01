import type { FastifyInstance } from 'fastify'
import { StartError } from '../shared/errors.ts'

/** True for an address that only this machine can reach. */
export const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)

/** Names under which this machine calls itself, or all of its addresses. */
const LOCAL = ['127.0.0.1', '::1', 'localhost', '0.0.0.0', '::']

/** Where a server listens, and the name of the setting that says its port. */
export interface Place {
  readonly host: string
  readonly port: number
  readonly setting: 'HANDOVER_PORT' | 'HANDOVER_HEALTH_PORT'
}

/** Begins to take requests and gives the address for people on this machine. Throws a `StartError` when the port or address cannot be had. */
export async function listen(http: FastifyInstance, { host, port, setting }: Place): Promise<string> {
  try {
    await http.listen({ host, port })
  } catch (cause) {
    await http.close()
    throw listenError(cause, { host, port, setting })
  }
  const address = http.server.address()
  const taken = typeof address === 'object' && address !== null ? address.port : port
  const isLocal = LOCAL.includes(host)
  return `http://${isLocal ? 'localhost' : host}:${taken}`
}

/** Takes no more requests and lets running ones end; after `graceMs` they are cut off, because a slow reader could hold an export open for ever. */
export async function close(http: FastifyInstance, graceMs: number): Promise<void> {
  const cutOff = setTimeout(() => http.server.closeAllConnections(), graceMs)
  await http.close()
  clearTimeout(cutOff)
}

function listenError(cause: unknown, { host, port, setting }: Place): StartError {
  const code = (cause as { code?: string }).code
  const reasons: Record<string, string> = {
    EADDRINUSE: `Port ${port} is already taken, perhaps by another Handover. Stop what uses it, or choose another port: ${setting}=${port + 1} npm start`,
    EACCES: `Port ${port} may not be used by this user. Choose one above 1023 with ${setting}.`,
    EADDRNOTAVAIL: `This machine has no address ${host}. Mend HANDOVER_HOST.`,
    ENOTFOUND: `There is no address ${host}. Mend HANDOVER_HOST.`,
  }
  return new StartError(reasons[code ?? ''] ?? `Handover cannot listen on ${host}, port ${port} (${code}).`, { cause })
}
