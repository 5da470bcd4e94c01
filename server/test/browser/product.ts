import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { ROOT } from '../../src/app/config.ts'

const MAIN = join(ROOT, 'server/dist/app/main.js')
const READY_MS = 60_000

/** The built product in a process of its own, as `npm start` runs it, on an empty data folder that goes with it. */
export interface Product extends AsyncDisposable {
  readonly url: string
  /** The data folder. */
  readonly folder: string
  /** Asks the API; throws when it answers with an error. */
  ask(query: string): Promise<any>
}

/** Starts the product on a free port and waits until both first sources are loaded. */
export async function startProduct(more: Record<string, string> = {}): Promise<Product> {
  if (!existsSync(MAIN)) throw new Error('The server is not built. Run the tests with "npm test", which builds it.')
  const folder = await mkdtemp(join(tmpdir(), 'handover-browser-'))
  const env = { ...process.env, HANDOVER_DATA: folder, HANDOVER_PORT: '0', ...more }
  const child = spawn(process.execPath, [MAIN], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const stop = async () => {
    if (child.exitCode === null) await Promise.all([once(child, 'exit'), child.kill('SIGTERM')])
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const url = await addressOf(child)
    const ask = (query: string) => askOf(url, query)
    await firstLoads(ask)
    return { url, folder, ask, [Symbol.asyncDispose]: stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Reads the address out of the lines for the person who started it; what the server says later is let go. */
async function addressOf({ stdout }: ChildProcessByStdio<null, Readable, null>): Promise<string> {
  let said = ''
  for await (const text of stdout.iterator({ destroyOnReturn: false })) {
    said += String(text)
    const url = /Dashboard +(\S+)/.exec(said)?.[1]
    if (!url) continue
    stdout.resume()
    return url
  }
  throw new Error(`The server ended before it was ready: ${said}`)
}

async function askOf(url: string, query: string): Promise<any> {
  const body = JSON.stringify({ query })
  const answer = await fetch(`${url}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
  const { data, errors } = (await answer.json()) as { data: unknown; errors?: { message: string }[] }
  if (errors) throw new Error(errors[0]!.message)
  return data
}

async function firstLoads(ask: Product['ask']): Promise<void> {
  const deadline = Date.now() + READY_MS
  while (Date.now() < deadline) {
    const { sources } = await ask('{ sources { state lastSuccess { id } } }')
    if (sources.length >= 2 && sources.every((source: { lastSuccess: unknown }) => source.lastSuccess)) return
    await new Promise((settle) => setTimeout(settle, 50))
  }
  throw new Error('The first loads did not end in time.')
}
