// `npm run dev`: http://localhost:3000 with reload. The dashboard is served by Vite, which passes the API's addresses on to a server on
// port 3010; the server starts anew when its code or a connector changes.
import { spawn } from 'node:child_process'
import { watch } from 'node:fs'
import { join } from 'node:path'
import { build } from './build.mjs'
import { exitCode, root, tool } from './tools.mjs'

const API_PORT = process.env.HANDOVER_PORT ?? '3010'
const QUIET_MS = 300 // the compiler writes many files at once

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

function startServer() {
  if (ending) return
  const env = { ...process.env, HANDOVER_PORT: API_PORT }
  start('server', '--enable-source-maps', ['server/dist/app/main.js'], { env })
}

function restartServer() {
  const server = children.get('server')
  if (!server) return startServer()
  if (server.replaced) return
  server.replaced = true
  server.kill('SIGTERM')
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
  `Developing at http://localhost:3000. The server behind it, on port ${API_PORT}, starts anew when its code or a connector changes.`,
)
start('compiler', tool.tsc, ['-b', '-w', '--preserveWatchOutput', 'server'])
startServer()
start('dashboard', tool.vite, ['dev', '--port', '3000', '--strictPort', '--logLevel', 'warn'], {
  cwd: join(root, 'client'),
  env: { ...process.env, HANDOVER_INTERNAL_API: `http://127.0.0.1:${API_PORT}` },
})
for (const folder of ['server/dist', 'connectors']) watchers.push(watch(join(root, folder), { recursive: true }, changed))
