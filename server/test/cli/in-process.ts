import { mkdirSync, mkdtempSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { Api } from '../../src/app/cli/api.ts'
import { runCli } from '../../src/app/cli/run.ts'
import { Terminal } from '../../src/app/cli/terminal.ts'
import { ROOT } from '../../src/app/config.ts'
import type { Ended } from './command-line.ts'

class Kept extends Writable {
  text = ''
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += String(chunk)
    done()
  }
}

/** What a command is run with in a test. */
export interface Around {
  readonly env?: Readonly<Record<string, string>>
  /** What a person answers, in turn; without them nobody sits at the terminal. */
  readonly answers?: readonly string[]
  /** Where the server is; nowhere when left out. */
  readonly url?: string
}

/** Runs a command in this process, on 2026-11-26. */
export async function runHere(
  words: readonly string[],
  { env = {}, answers, url = 'http://127.0.0.1:1' }: Around = {},
): Promise<Ended & { asked: readonly string[] }> {
  const [out, err] = [new Kept(), new Kept()]
  const asked: string[] = []
  const left = [...(answers ?? [])]
  const code = await runCli(words, {
    ...{ env, cwd: ROOT, clock: { now: () => new Date('2026-11-26T10:00:00Z') }, terminal: new Terminal(out, err) },
    api: () => new Api(url),
    interruption: () => new AbortController().signal,
    output: () => out,
    ask: answers === undefined ? null : async (question) => (asked.push(question), left.shift() ?? ''),
  })
  return { code, stdout: out.text, stderr: err.text, asked }
}

/** An empty folder for connectors: inside the repository, so that they find their packages, and outside of `connectors`, so that nobody else sees them. */
export function connectorFolder(): string {
  const above = join(ROOT, '.cache/kit')
  mkdirSync(above, { recursive: true })
  return mkdtempSync(join(above, 'c-'))
}

/** A source on the loopback, and the setting that lets Handover reach it. */
export async function source(handle: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(handle)
  await new Promise<void>((settle) => server.listen(0, '127.0.0.1', settle))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const close = () => {
    server.closeAllConnections()
    return new Promise((settle) => server.close(settle))
  }
  return { url: `http://${host}`, env: { HANDOVER_PRIVATE_HOSTS: host }, close, [Symbol.asyncDispose]: async () => void (await close()) }
}
