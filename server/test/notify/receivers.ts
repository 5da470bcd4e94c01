import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { SMTPServer } from 'smtp-server'

/** What a webhook was told. */
export interface Told {
  readonly subject: string
  readonly text: string
  readonly events: readonly { readonly source: string; readonly kind: string; readonly phase: string; readonly url: string }[]
}

/** A webhook on this machine that can be down. */
export async function webhook() {
  const told: Told[] = []
  const state = { status: 200 }
  const server = createServer(async (request, response) => {
    const body = JSON.parse(await text(request)) as Told
    if (state.status === 200) told.push(body)
    response.writeHead(state.status, state.status === 302 ? { location: 'http://127.0.0.1:1/' } : {}).end()
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?token=s3cr3t`
  return { url, told, state, [Symbol.asyncDispose]: async () => void server.close() }
}

/** A mail server on this machine that keeps what it is given. */
export async function mailServer() {
  const mails: { from: string; to: string[]; source: string }[] = []
  const server = new SMTPServer({
    ...{ authOptional: true, disabledCommands: ['STARTTLS'], logger: false },
    onAuth: ({ username, password }, _session, done) =>
      password === 'Tulpan-9-groda' ? done(null, { user: username ?? '' }) : done(new Error('no')),
    async onData(stream, { envelope: { mailFrom, rcptTo } }, done) {
      const source = await text(stream)
      mails.push({ from: mailFrom === false ? '' : mailFrom.address, to: rcptTo.map(({ address }) => address), source })
      done()
    },
  })
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle))
  const { port } = server.server.address() as AddressInfo
  return { port, mails, [Symbol.asyncDispose]: () => new Promise<void>((settle) => server.close(settle)) }
}
