// Starts the built product in a process of its own, for pictures and measurements.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { chromium } from 'playwright-core'
import { memoryFlags } from './memory.mjs'
import { root } from './tools.mjs'

const LONGEST_WAIT_MS = 30_000

/** Asks `question` again until it answers with something true; throws after half a minute. */
export async function until(question, what, pause = 10) {
  const deadline = performance.now() + LONGEST_WAIT_MS
  while (performance.now() < deadline) {
    const answer = await question()
    if (answer) return answer
    await wait(pause)
  }
  throw new Error(`Waited in vain: ${what}.`)
}

/** What a child says that fits `pattern`: the sign that it is ready. */
async function sayingOf(child, pattern) {
  child.stdout.setEncoding('utf8')
  let said = ''
  for await (const text of child.stdout.iterator({ destroyOnReturn: false })) {
    said += text
    const found = pattern.exec(said)
    if (found) return (child.stdout.resume(), found)
  }
  throw new Error('The server ended before it was ready.')
}

/** What this process was started with, such as --cpu-prof, counts for the server too. */
function spawnServer(folder, settings) {
  const env = { ...process.env, HANDOVER_DATA: folder, HANDOVER_PORT: '0', ...settings }
  const child = spawn(process.execPath, [...memoryFlags, ...process.execArgv, join(root, 'server/dist/app/main.js')], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const stop = async () => {
    if (child.exitCode === null && child.kill('SIGTERM')) await once(child, 'exit')
  }
  return { child, stop }
}

/** Starts a worker beside servers on the same database and data folder. */
export async function startWorker(folder, settings) {
  const { child, stop } = spawnServer(folder, { ...settings, HANDOVER_ROLE: 'worker' })
  await sayingOf(child, /A worker of Handover is running/)
  return { stop, pid: child.pid }
}

/** Starts the server on a data folder and a free port. `ms` is the time until it was ready; `stop` ends it and waits for that. */
export async function startProduct(folder, settings = {}) {
  const started = performance.now()
  const { child, stop } = spawnServer(folder, settings)
  const address = (await sayingOf(child, /Dashboard +(\S+)/))[1]
  const ms = performance.now() - started
  const ask = async (query, variables) => {
    const body = JSON.stringify({ query, variables })
    const answer = await fetch(`${address}/graphql`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    const { data, errors } = await answer.json()
    if (errors) throw new Error(errors[0].message)
    return data
  }
  return { address, ask, stop, pid: child.pid, ms }
}

/** Waits until every source has been loaded once. */
export const firstLoads = ({ ask }) =>
  until(async () => {
    const { sources } = await ask('{ sources { lastSuccess { id } } }')
    return sources.length > 0 && sources.every((source) => source.lastSuccess)
  }, 'the first loads to end')

/** Opens a headless Chromium: `CHROMIUM_PATH`, or where Debian puts it. */
export function openChromium() {
  const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
  if (!existsSync(executablePath)) throw new Error('There is no Chromium here. Install it or set CHROMIUM_PATH.')
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] })
}
