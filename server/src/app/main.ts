import { enableCompileCache, flushCompileCache } from 'node:module'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { readSettings, ROOT } from './config.ts'
import { createLogger } from './logger.ts'
import { openTracing } from './observe/tracing.ts'
import { systemClock } from '../shared/clock.ts'
import { StartError } from '../shared/errors.ts'
import { version } from './version.ts'
import { welcome } from './welcome.ts'

/** Exit code for everything that a person must mend before the server can start. */
const CANNOT_START = 2
/** A stop that takes longer is cut off; what is not committed then is done again at the next start. */
const LONGEST_STOP_MS = 4800

try {
  const settings = readSettings(process.env, process.cwd())
  // The server and a hundred connectors start in half the time when they need not be compiled again; where it cannot be kept, it is not.
  enableCompileCache(join(ROOT, 'node_modules/.cache/compiled'))
  // Only now: what a typo has to say should not wait for everything else to be read.
  const { startHandover } = await import('./handover.ts')
  const base = { role: settings.role, pid: process.pid, instance: hostname() }
  const tracing = await openTracing(settings.tracing, { ...base, version: await version() })
  const logger = createLogger(settings.logLevel, undefined, { base, ...(settings.tracing && { now: () => tracing.ids() }) })
  tracing.logTo(logger)
  const handover = await startHandover(settings, { logger, clock: systemClock, examples: true, tracing })
  let stopping = false
  const stop = () => {
    if (stopping) process.exit(1)
    stopping = true
    setTimeout(() => process.exit(1), LONGEST_STOP_MS).unref()
    handover.stop().then(
      () => process.exit(0),
      (err: unknown) => {
        logger.error({ err }, 'The server did not stop cleanly')
        process.exit(1)
      },
    )
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  process.stdout.write(await welcome(handover, settings))
  flushCompileCache()
} catch (error) {
  if (!(error instanceof StartError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exit(CANNOT_START)
}
