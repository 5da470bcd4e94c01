// `npm run dev`: http://localhost:3000 with reload. The dashboard is served by Vite, which passes the API's addresses on to a server on
// port 3010; the server starts anew when its code or the sdk changes, and reloads its connectors when one of them does.
import { spawn } from 'node:child_process'
import { watch } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from './build.mjs'
import { exitCode, root, tool } from './tools.mjs'
import { QUIET_MS, watchConnectors } from './watch-connectors.mjs'

const API_PORT = process.env.HANDOVER_PORT ?? '3010'
const SDK = join(root, 'connectors/sdk')
const connectorFolders = (process.env.HANDOVER_CONNECTORS || 'connectors').split(',').map((folder) => resolve(root, folder.trim()))

const children = new Map()
let ending = false

/** Starts one long-running part; when any part ends by itself, all of them end. */
function start(name, file, args, options = {}) {
  const child = spawn(process.execPath, [file, ...args], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], ...options })
  children.set(name, child)
  child.on('exit', (code, signal) => {
    children.delete(name)
    if (child.replaced) return startServer()
    if (name === 'server' && !ending) return console.error('The server ended. It starts again when a file changes.')
    end(exitCode(code, signal))
  })
}

const env = { ...process.env, HANDOVER_PORT: API_PORT }

function startServer() {
  if (ending) return
  start('server', '--enable-source-maps', ['server/dist/app/main.js'], { env })
}

function restartServer() {
  const server = children.get('server')
  if (!server) return startServer()
  if (server.replaced) return
  server.replaced = true
  server.kill('SIGTERM')
}

/** A server that is not there, or is about to be replaced, opens the connectors when it starts. */
function reloadConnectors() {
  const server = children.get('server')
  if (!server) return startServer()
  if (server.replaced || ending) return
  spawn(process.execPath, ['server/dist/app/cli/main.js', 'reload'], { cwd: root, stdio: ['ignore', 'inherit', 'inherit'], env })
}

function end(code) {
  if (ending) return
  ending = true
  process.exitCode = code
  for (const child of children.values()) child.kill('SIGTERM')
  for (const watcher of watchers) watcher.close()
}

let timer
function changed(_event, path) {
  if (!path || !/\.(js|ts|json)$/.test(path) || path.includes('.test.') || path.includes('node_modules')) return
  clearTimeout(timer)
  timer = setTimeout(restartServer, QUIET_MS)
}

const watchers = []
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => end(0))
await build()
console.log(
  `Developing at http://localhost:3000. The server behind it, on port ${API_PORT}, starts anew when its code changes, and reloads its connectors when one of them does.`,
)
start('compiler', tool.tsc, ['-b', '-w', '--preserveWatchOutput', 'server'])
startServer()
start('dashboard', tool.vite, ['dev', '--port', '3000', '--strictPort', '--logLevel', 'warn'], {
  cwd: join(root, 'client'),
  env: { ...process.env, HANDOVER_INTERNAL_API: `http://127.0.0.1:${API_PORT}` },
})
for (const folder of [join(root, 'server/dist'), SDK]) watchers.push(watch(folder, { recursive: true }, changed))
watchers.push(watchConnectors(connectorFolders, reloadConnectors))
