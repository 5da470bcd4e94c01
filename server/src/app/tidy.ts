import type { Logger } from 'pino'
import type { Kept, LoadsService } from '../loads/loads.service.ts'
import type { Database } from '../warehouse/warehouse.service.ts'

/** Not in the first minutes: a start has other things to do, and whoever changed a setting by mistake can change it back. */
const FIRST_MS = 10 * 60_000
const EVERY_MS = 60 * 60_000

/** Removes, once an hour and in one process at a time, what is older than is kept. What cannot be done is tried again an hour later. */
export function keepTidy(db: Database, loads: LoadsService, kept: Kept, logger: Logger): { stop(): Promise<void> } {
  const ended = new AbortController()
  let timer: NodeJS.Timeout
  let working: Promise<void> = Promise.resolve()
  const tidy = async (): Promise<void> => {
    try {
      const { loads: records, logs, raw } = await db.exclusively('retention', () => loads.tidy(kept, ended.signal))
      const removed = { loads: records, logLines: logs, rawPages: raw.parts, rawBytes: raw.bytes }
      if (records + logs + raw.parts > 0) logger.info(removed, 'Removed what is older than is kept')
    } catch (err) {
      if (!ended.signal.aborted) logger.warn({ err }, 'What is older than is kept could not be removed; it is tried again in an hour')
    }
  }
  const after = (ms: number): void => {
    timer = setTimeout(() => {
      working = tidy().finally(() => {
        if (!ended.signal.aborted) after(EVERY_MS)
      })
    }, ms)
    timer.unref()
  }
  after(FIRST_MS)
  return {
    async stop() {
      ended.abort()
      clearTimeout(timer)
      await working
    },
  }
}
