import { Agent, request as ask, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http'
import { request as askSecurely } from 'node:https'
import { pipeline } from 'node:stream'
import { refuse } from './refuse.ts'

/** Headers that belong to one connection and not to the message (RFC 9110, section 7.6.1). */
const OF_THE_CONNECTION = ['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade']
const CONNECT_MS = 5_000

const keepAlive = new Agent({ keepAlive: true })

/**
 * Passes a request on to the API and streams the answer back: nothing is held in memory, so an export may be of any size and a live page of any
 * length. When one side goes away, the other is told.
 */
export function passOn(request: IncomingMessage, response: ServerResponse, api: URL): void {
  const isSecure = api.protocol === 'https:'
  const options = {
    method: request.method,
    headers: { ...withoutHops(request.headers), host: api.host },
    ...(isSecure ? {} : { agent: keepAlive }),
  }
  const asked = (isSecure ? askSecurely : ask)(new URL(request.url ?? '/', api), options)
  // Only until the connection stands: an answer may take its time.
  asked.on('socket', (socket) => {
    if (!socket.connecting) return
    const late = setTimeout(() => asked.destroy(new Error('The server cannot be reached.')), CONNECT_MS)
    for (const event of ['connect', 'close']) socket.once(event, () => clearTimeout(late))
  })
  asked.on('error', () =>
    refuse(response, 503, 'SERVER_UNREACHABLE', 'The server does not answer. It may be starting or stopped. Try again in a moment.'),
  )
  asked.on('response', (answered) => {
    response.writeHead(answered.statusCode ?? 502, withoutHops(answered.headers))
    response.flushHeaders()
    pipeline(answered, response, () => undefined)
  })
  response.on('close', () => asked.destroy())
  // Not `pipeline`: it would close the connection on which the error is to be told.
  request.pipe(asked)
}

function withoutHops(headers: IncomingMessage['headers']): OutgoingHttpHeaders {
  const named = String(headers.connection ?? '')
    .toLowerCase()
    .split(/\s*,\s*/)
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !OF_THE_CONNECTION.includes(name) && !named.includes(name)))
}
