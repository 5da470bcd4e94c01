import { createInterface } from 'node:readline/promises'
import { systemClock } from '../../shared/clock.ts'
import { readServerUrl } from '../config.ts'
import { Api } from './api.ts'
import { INTERRUPTED } from './call.ts'
import { runCli } from './run.ts'
import { Terminal } from './terminal.ts'

// `handover … | head` ends early, and that is no fault.
const end = (error: NodeJS.ErrnoException): never => process.exit(error.code === 'EPIPE' ? 0 : 1)
for (const stream of [process.stdout, process.stderr]) stream.on('error', end)

async function ask(question: string): Promise<string> {
  const screen = createInterface({ input: process.stdin, output: process.stdout })
  screen.on('SIGINT', () => process.exit(INTERRUPTED))
  try {
    return (await screen.question(question)).trim()
  } finally {
    screen.close()
  }
}

const env = process.env
const exitCode = await runCli(process.argv.slice(2), {
  ...{ env, cwd: process.cwd(), clock: systemClock, terminal: new Terminal(process.stdout, process.stderr) },
  api: () => new Api(readServerUrl(env)),
  interruption() {
    const controller = new AbortController()
    process.on('SIGINT', () => controller.abort())
    return controller.signal
  },
  output: () => process.stdout.off('error', end),
  ask: process.stdin.isTTY && process.stdout.isTTY ? ask : null,
})
// Connectors that the doctor opened may still hold something, so nothing is waited for but the output.
process.stdout.write('', () => process.stderr.write('', () => process.exit(exitCode)))
