#!/usr/bin/env node
// `handover <command>`. Plain JavaScript, so that it runs in a fresh checkout; the launcher finds a Node that is new enough.
// Commands and their help are listed in server/src/app/cli/commands.ts.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { memoryFlags } from '../../scripts/memory.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
// The commands need no dashboard.
const build = ['scripts/build.mjs', 'server']
const start = 'scripts/start.mjs'
const cli = 'server/dist/app/cli/main.js'
const words = process.argv.slice(2)
const wantsHelp = words.length === 0 || words.some((word) => ['help', '--help', '-h'].includes(word))

await run(steps())

/** What is run, one after the other, each as a file and its arguments. */
function steps() {
  if (words[0] === 'start' && !wantsHelp) return [[start]]
  if (words[0] === 'docs' && !wantsHelp) return [build, ['server/dist/app/write-docs.js']]
  if (existsSync(join(root, cli))) return [[cli, ...words]]
  // Help must not wait for a build; its files are plain enough for Node to run them as they are.
  if (wantsHelp) return [['server/src/app/cli/main.ts', ...words]]
  console.error('The first command builds the server, which takes up to two minutes. The next ones begin at once.')
  return [build, [cli, ...words]]
}

async function run(list) {
  let code = 0
  for (const [index, [file, ...args]] of list.entries()) {
    if (code === 0) code = await runFile(file, args, index < list.length - 1)
  }
  process.exit(code)
}

/** Answers with the exit code. What a step says before the last one is not part of the answer. */
function runFile(file, args, isBefore) {
  const stdio = ['inherit', isBefore ? 2 : 'inherit', 'inherit']
  const flags = file === start ? memoryFlags : []
  const child = spawn(process.execPath, [join(root, 'scripts/node.mjs'), ...flags, join(root, file), ...args], { stdio })
  // A terminal sends Ctrl-C to the whole group; forwarded as well, it would count as a second one, which means "at once".
  const forward = (signal) => (signal === 'SIGINT' && process.stdin.isTTY ? undefined : child.kill(signal))
  const signals = ['SIGINT', 'SIGTERM']
  for (const signal of signals) process.on(signal, forward)
  return new Promise((settle) => {
    child.on('exit', (code) => {
      for (const signal of signals) process.off(signal, forward)
      settle(code ?? 1)
    })
  })
}
