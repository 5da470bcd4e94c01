import type { Logger } from 'pino'
import type { Services } from './services.ts'

const EVERY_MS = 2_000

/**
 * Sees that another process has reloaded the connectors, and reloads them here. Where a schema is served it also sees that a source was made,
 * changed or removed elsewhere, or that a load has found new columns. Between two looks it costs three small questions to the database.
 */
export function followOthers({ sources, dataApi, reloads }: Services, serves: boolean, logger: Logger): { stop(): void } {
  let known: string | null = null
  let isOut = false
  let timer: NodeJS.Timeout | undefined
  const lookAtSources = async (): Promise<void> => {
    const now = await sources.revision()
    // Also the first time: something may have changed since the schema was made.
    if (now !== known) dataApi.changed()
    known = now
  }
  const look = async (): Promise<void> => {
    try {
      await reloads.look()
      if (serves) await lookAtSources()
      isOut = false
    } catch (err) {
      if (!isOut) logger.warn({ err }, 'Changes made by other processes cannot be seen at the moment')
      isOut = true
    }
  }
  const again = (): void => {
    timer = setTimeout(() => void look().finally(() => timer && again()), EVERY_MS)
    timer.unref()
  }
  void look()
  again()
  return {
    stop: () => {
      clearTimeout(timer)
      timer = undefined
    },
  }
}
