// Runs `node <args>` under a Node that is new enough: the current one if it is, else the one `npm ci` brought along.
// Usage: node scripts/node.mjs <file> [args]
// Written for any Node since 12.20, so that an old one gets a sentence and not a syntax error.
import { spawn } from 'child_process'
import { createRequire } from 'module'
import { constants } from 'os'
import { delimiter, dirname, join } from 'path'

const WANTED = [24, 11]

function isNewEnough(version) {
  const [major, minor] = version.split('.').map(Number)
  return major > WANTED[0] || (major === WANTED[0] && minor >= WANTED[1])
}

/** Path of the packaged Node, found as a package: older npm versions leave its link in `.bin` out. */
function packagedNode() {
  const require = createRequire(import.meta.url)
  const platform = process.platform === 'win32' ? 'win' : process.platform
  try {
    const manifest = require.resolve('node-' + platform + '-' + process.arch + '/package.json')
    const described = require(manifest)
    return isNewEnough(described.version) ? join(dirname(manifest), described.bin.node) : null
  } catch (error) {
    return null
  }
}

const node = isNewEnough(process.versions.node) ? process.execPath : packagedNode()
if (node) run(node)
else {
  console.error(
    'Handover needs Node ' +
      WANTED.join('.') +
      ' or newer. You run ' +
      process.version +
      ', and no Node that fits is installed beside Handover' +
      ' (' +
      process.platform +
      '-' +
      process.arch +
      '). Run "npm ci" first; if this stays, install Node ' +
      WANTED[0] +
      ' from https://nodejs.org.',
  )
  process.exit(1)
}

function run(node) {
  process.env.PATH = dirname(node) + delimiter + (process.env.PATH || '') // so that children and `#!/usr/bin/env node` follow
  const child = spawn(node, process.argv.slice(2), { stdio: 'inherit' })
  // A terminal sends Ctrl-C to the whole group, so the child has it already; a second one could mean "at once" to it.
  const inTerminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY
  process.on('SIGINT', () => inTerminal || child.kill('SIGINT'))
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    console.error('Node could not be started (' + node + '): ' + error.message)
    process.exit(1)
  })
  child.on('exit', (code, signal) => process.exit(signal ? 128 + constants.signals[signal] : code))
}
