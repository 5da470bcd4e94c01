#!/usr/bin/env node
// `handover start` and `handover docs`. Plain JavaScript, so that it runs in a fresh checkout; the launcher finds a Node that is new enough.
import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '../..')
const commands = {
  start: { about: 'Builds what changed and runs the server, like npm start', files: ['scripts/start.mjs'] },
  docs: { about: 'Writes the generated pages of docs/reference anew', files: ['scripts/build.mjs', 'server/dist/app/write-docs.js'] },
}

const name = process.argv[2] ?? 'help'
if (commands[name]) run(commands[name].files)
else {
  for (const [command, { about }] of Object.entries(commands)) console.log(`handover ${command.padEnd(6)} ${about}`)
  process.exit(name === 'help' ? 0 : 2)
}

function run([file, ...rest]) {
  const child = spawn(process.execPath, [join(root, 'scripts/node.mjs'), join(root, file)], { stdio: 'inherit' })
  // A terminal sends Ctrl-C to the whole group; forwarded as well, it would count as a second one, which means "at once".
  const forward = (signal) => (signal === 'SIGINT' && process.stdin.isTTY ? undefined : child.kill(signal))
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, forward)
  child.on('exit', (code) => {
    if (code === 0 && rest.length > 0) run(rest)
    else process.exit(code ?? 1)
  })
}
