import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** Stands between a client and a server, and can take the server away: `refuse` closes every connection, `hang` lets no answer through. */
export interface SwitchedProxy extends AsyncDisposable {
  readonly port: number
  mode: 'pass' | 'refuse' | 'hang'
}

/** Opens the proxy on a free port of this machine; it passes everything on until its mode is changed. */
export async function switchedProxy(target: { host: string; port: number }): Promise<SwitchedProxy> {
  const sockets = new Set<Socket>()
  let mode: SwitchedProxy['mode'] = 'pass'
  const cut = () => sockets.forEach((socket) => socket.destroy())
  const server = createServer((client) => {
    if (mode === 'refuse') return void client.destroy()
    const upstream = connect(target.port, target.host)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
    }
    client.on('data', (data) => upstream.write(data)).on('close', () => upstream.end())
    upstream.on('data', (data) => mode !== 'hang' && client.write(data)).on('close', () => client.end())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as { port: number }).port,
    get mode() {
      return mode
    },
    set mode(wanted) {
      mode = wanted
      // What hung has lost answers, so it cannot go on.
      cut()
    },
    async [Symbol.asyncDispose]() {
      cut()
      server.close()
      await once(server, 'close')
    },
  }
}
