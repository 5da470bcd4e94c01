import { createServer, connect, type Socket } from 'node:net'
import { once } from 'node:events'

/** Stands between a client and MySQL, and can take the answer to one COMMIT away together with the connection. */
export interface CuttingProxy extends AsyncDisposable {
  readonly port: number
  /** How many COMMITs have passed. */
  readonly commits: number
  /** How many answers were taken away. */
  readonly cuts: number
  /** The answer to that COMMIT (from 1) never arrives: the server has done it, and the client does not know. */
  cutAt(commit: number): void
}

/** True for a packet that is nothing but the command COMMIT, with or without the bytes for query attributes before it. */
const isCommit = (data: Buffer): boolean => data.length < 20 && data[4] === 3 && data.toString('latin1').endsWith('COMMIT')

/** Opens the proxy on a free port of this machine. */
export async function cuttingProxy(target: { host: string; port: number }): Promise<CuttingProxy> {
  const sockets = new Set<Socket>()
  let commits = 0
  let cut = Infinity
  let cuts = 0
  const server = createServer((client) => {
    const upstream = connect(target.port, target.host)
    let doomed = false
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => undefined).on('close', () => sockets.delete(socket))
    }
    client.on('data', (data) => {
      if (isCommit(data) && ++commits === cut) doomed = true
      upstream.write(data)
    })
    upstream.on('data', (data) => {
      if (!doomed) return client.write(data)
      cuts++
      client.destroy()
      upstream.destroy()
      return false
    })
    client.on('close', () => upstream.end())
    upstream.on('close', () => client.end())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as { port: number }).port,
    get commits() {
      return commits
    },
    get cuts() {
      return cuts
    },
    cutAt: (at) => void (cut = at),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
