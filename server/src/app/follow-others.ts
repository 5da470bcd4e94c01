import type { Logger } from 'pino'
import type { Services } from './services.ts'

const EVERY_MS = 2_000

/**
 * Sees that another process has made, changed or removed a source, or that a load there has found new columns, and makes the schema follow.
 * Between two looks it costs two small questions to the database.
 */
export function followOthers({ sources, dataApi }: Services, logger: Logger): { stop(): void } {
  let known: string | null = null
  let isOut = false
  let timer: NodeJS.Timeout | undefined
  const look = async (): Promise<void> => {
    try {
      const now = await sources.revision()
      // Also the first time: something may have changed since the schema was made.
      if (now !== known) dataApi.changed()
      known = now
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
