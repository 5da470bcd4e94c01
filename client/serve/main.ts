// The dashboard as a process of its own, in front of the API: `node client/serve/main.ts`. Within `npm start` the API serves the pages itself.
import { createServer, type Server } from 'node:http'
import { answer } from './answer.ts'
import { readSettings } from './settings.ts'

/** Running requests have this long to end when the process is told to stop; then the rest is cut off. */
const GRACE_MS = 3_000

const { settings, faults } = readSettings(process.env)
if (faults.length > 0) {
  process.stderr.write(`${faults.join('\n')}\n`)
  process.exit(2)
}
// SvelteKit takes https for granted unless a header says otherwise, and reads the header's name when it is imported.
process.env['PROTOCOL_HEADER'] = 'x-forwarded-proto'
process.env['HANDOVER_INTERNAL_API'] = settings.api.origin
const built = new URL('../build/handler.js', import.meta.url).href
const { handler } = (await import(built)) as { handler: Parameters<typeof answer>[1] }

const server = createServer(answer(settings, handler))
server.on('error', (error) => {
  process.stderr.write(`The dashboard cannot listen on ${settings.host}, port ${settings.port}: ${error.message}\n`)
  process.exit(2)
})
server.listen(settings.port, settings.host, () => {
  process.stdout.write(`The dashboard of Handover answers on port ${settings.port} and asks ${settings.api.origin}.\n`)
})
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => stop(server))

function stop(running: Server): void {
  running.close(() => process.exit(0))
  running.closeIdleConnections()
  setTimeout(() => running.closeAllConnections(), GRACE_MS).unref()
}
