import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../../src/app/config.ts'

const MAIN = join(ROOT, 'server/dist/app/cli/main.js')

/** What a command came to. */
export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** A command that runs. */
export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  /** Resolves when its output holds the words. */
  said(words: string): Promise<void>
}

/** Starts a command of the built command line in a process of its own; `env` is all it sees besides PATH. */
export function begin(words: readonly string[], env: Readonly<Record<string, string>> = {}, file = MAIN): Running {
  if (!existsSync(file)) throw new Error('The server is not built. Run the tests with "npm test", which builds it.')
  const child = spawn(process.execPath, [file, ...words], { cwd: ROOT, env: { PATH: process.env['PATH'], ...env } })
  const output = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) child[name].on('data', (data: Buffer) => (output[name] += String(data)))
  const ended = new Promise<Ended>((settle) => child.once('close', (code) => settle({ code, ...output })))
  const said = (wanted: string) =>
    new Promise<void>((settle, refuse) => {
      const look = () => (output.stdout.includes(wanted) ? settle() : undefined)
      child.stdout.on('data', look)
      void ended.then(() => refuse(new Error(`It ended without "${wanted}": ${output.stdout}${output.stderr}`)))
      look()
    })
  return { child, ended, said }
}

/** Runs a command to its end. */
export const run = (words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> => begin(words, env).ended
