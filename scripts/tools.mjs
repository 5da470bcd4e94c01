// What the other scripts share: where things are, and how a tool is run as a child.
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { join, resolve } from 'node:path'

/** Top folder of the repository. */
export const root = resolve(import.meta.dirname, '..')

/** Tools by file and not by name: older npm versions link their names to an older Node. */
export const tool = {
  oxlint: join(root, 'node_modules/oxlint/bin/oxlint'),
  prettier: join(root, 'node_modules/prettier/bin/prettier.cjs'),
  svelteCheck: join(root, 'node_modules/svelte-check/bin/svelte-check'),
  svelteKit: join(root, 'node_modules/@sveltejs/kit/svelte-kit.js'),
  tsc: join(root, 'node_modules/typescript/bin/tsc'),
  vite: join(root, 'node_modules/vite/bin/vite.js'),
}

const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP']
const children = new Set()

function endAll(signal) {
  for (const child of children) child.kill(signal)
  process.exit(128 + constants.signals[signal])
}

/** Exit code of a child; one that was killed never counts as a success. */
export const exitCode = (code, signal) => (signal ? 128 + constants.signals[signal] : code)

/**
 * Runs a JavaScript file with this Node and answers with its exit code, output and seconds. `show` passes the output on as it comes.
 * A signal that ends us meanwhile ends the child too.
 */
export function run(file, args = [], { cwd = root, show = false, env = process.env } = {}) {
  const started = performance.now()
  if (children.size === 0) for (const signal of ENDING) process.on(signal, endAll)
  const child = spawn(process.execPath, [file, ...args], { cwd, env, stdio: show ? 'inherit' : ['ignore', 'pipe', 'pipe'] })
  children.add(child)
  let output = ''
  child.stdout?.setEncoding('utf8').on('data', (text) => (output += text))
  child.stderr?.setEncoding('utf8').on('data', (text) => (output += text))
  return new Promise((settle) => {
    const done = (code) => {
      children.delete(child)
      if (children.size === 0) for (const signal of ENDING) process.off(signal, endAll)
      settle({ code, output, seconds: (performance.now() - started) / 1000 })
    }
    child.on('error', (error) => ((output += error.message), done(1)))
    child.on('close', (code, signal) => done(exitCode(code, signal)))
  })
}

/** Ends the script with one sentence for the person and no stack. */
export function stop(sentence, code = 1) {
  console.error(sentence)
  process.exit(code)
}
