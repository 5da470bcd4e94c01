import type { Logger } from 'pino'
import type { LoadsService, SourceOverview } from '../loads/loads.service.ts'
import type { Clock } from '../shared/clock.ts'
import { HandoverError } from '../shared/errors.ts'
import type { Database } from '../warehouse/warehouse.service.ts'
import type { Channel } from './channels.ts'
import { conditionsOf, type Condition } from './conditions.ts'
import { messageOf, type NoticeEvent } from './message.ts'
import { Notice } from './notice.entity.ts'

export { channelsOf, type Channel, type NotifySettings } from './channels.ts'
export { messageOf, type Message } from './message.ts'
export { Notice } from './notice.entity.ts'

/** What notices are made with. */
export interface NotifyDeps {
  readonly db: Database
  readonly loads: LoadsService
  readonly channels: readonly Channel[]
  /** Where the dashboard is, without a slash at its end. */
  readonly address: string
  readonly clock: Clock
  readonly logger: Logger
  /** False while it is known that what keeps the schedule does not answer. */
  isScheduleReachable(): boolean
}

/** Told again while it lasts. */
const REMIND_MS = 24 * 3_600_000
/** Loads that silence is told from. */
const HISTORY = 200

/**
 * Tells people when a source fails, is late, held or silent, and when it is well again: once for each change, however often it loads, and once a day while it
 * lasts. Looks at the database by itself, apart from the schedule, so that it also sees what was never begun. What was told is kept there, so several processes
 * tell it once, and a restart does not tell it again.
 */
export class NotifyService {
  readonly #deps: NotifyDeps
  #isOut = false

  constructor(deps: NotifyDeps) {
    this.#deps = deps
  }

  /** Looks at all sources and tells what is new. One process at a time does it. Never throws for a receiver that is down: it is told later. */
  look(): Promise<void> {
    return this.#deps.db.exclusively('notices', () => this.#look())
  }

  async #look(): Promise<void> {
    const { db, loads, clock } = this.#deps
    const now = clock.now()
    const overviews = await loads.sourceOverviews()
    const known = await db.write.manager.find(Notice)
    const events: { event: NoticeEvent; notice: Notice }[] = []
    for (const overview of overviews) {
      const conditions = await this.#conditionsOf(overview, now)
      if (conditions === null) continue
      const ofSource = known.filter(({ sourceId }) => sourceId === overview.source.id)
      for (const { notice, event } of this.#changes(overview, conditions, ofSource, now)) {
        // What is over and need not be told is forgotten.
        if (event === null && notice.endedAt !== null) await db.write.manager.delete(Notice, keyOf(notice))
        else await db.write.manager.save(Notice, notice)
        if (event !== null) events.push({ notice, event })
      }
    }
    const there = new Set(overviews.map(({ source }) => source.id))
    for (const notice of known.filter(({ sourceId }) => !there.has(sourceId))) await db.write.manager.delete(Notice, keyOf(notice))
    if (events.length > 0 && (await this.#send(events.map(({ event }) => event))))
      await this.#noteTold(
        events.map(({ notice }) => notice),
        now,
      )
  }

  #conditionsOf(overview: SourceOverview, now: Date): Promise<Condition[] | null> {
    const { loads, isScheduleReachable } = this.#deps
    const history = async () => {
      const recent = await loads.recent(overview.source.id, null, HISTORY)
      return recent
        .filter(({ state, trigger }) => state === 'succeeded' && trigger !== 'replay')
        .map(({ finishedAt, queuedAt, records }) => ({ at: finishedAt ?? queuedAt, records }))
    }
    return conditionsOf(overview, { now, isScheduleReachable: isScheduleReachable(), history })
  }

  /** What is different from what was told, each with the line that is to be kept. */
  #changes(
    { source }: SourceOverview,
    conditions: readonly Condition[],
    known: readonly Notice[],
    now: Date,
  ): { notice: Notice; event: NoticeEvent | null }[] {
    const { slug, title, paused } = source
    const eventOf = (notice: Notice, phase: NoticeEvent['phase'], text: string): NoticeEvent => ({
      source: slug,
      title,
      kind: notice.kind,
      phase,
      since: notice.since,
      text,
    })
    const changes: { notice: Notice; event: NoticeEvent | null }[] = []
    for (const { kind, since, text } of conditions) {
      const before = known.find((notice) => notice.kind === kind)
      const notice = { sourceId: source.id, kind, since: before?.since ?? since, toldAt: before?.toldAt ?? null, endedAt: null } as Notice
      const isDue = notice.toldAt === null || now.getTime() - notice.toldAt.getTime() >= REMIND_MS
      changes.push({ notice, event: isDue ? eventOf(notice, notice.toldAt === null ? 'began' : 'still', text) : null })
    }
    for (const notice of known.filter(({ kind }) => !conditions.some((condition) => condition.kind === kind))) {
      // Nobody was told that it began, or it was stopped by a person: then nobody need be told that it is over.
      const wasTold = notice.toldAt !== null && !paused && conditions.length === 0
      const ended = { ...notice, endedAt: notice.endedAt ?? now } as Notice
      changes.push({ notice: ended, event: wasTold ? eventOf(ended, 'ended', `${title} is well again.`) : null })
    }
    return changes
  }

  /** True when every channel took it. What one of them did not take is sent to all of them again: better twice than never. */
  async #send(events: readonly NoticeEvent[]): Promise<boolean> {
    const { channels, address, logger } = this.#deps
    const message = messageOf(events, address)
    const sent = await Promise.allSettled(channels.map((channel) => channel.send(message)))
    const failed = sent.flatMap((result, index) =>
      result.status === 'rejected' ? [`${channels[index]!.name}: ${String((result.reason as Error).message)}`] : [],
    )
    if (failed.length > 0 && !this.#isOut)
      logger.warn({ failed, subject: message.subject }, 'Nobody could be told; it is tried again every minute')
    if (failed.length === 0) logger.info({ subject: message.subject, events: events.length }, 'Told')
    this.#isOut = failed.length > 0
    return failed.length === 0
  }

  /** Lines of what is over go; the others say when they were told. */
  async #noteTold(notices: readonly Notice[], now: Date): Promise<void> {
    const { manager } = this.#deps.db.write
    for (const notice of notices) {
      if (notice.endedAt === null) await manager.update(Notice, keyOf(notice), { toldAt: now })
      else await manager.delete(Notice, keyOf(notice))
    }
  }
}

const keyOf = ({ sourceId, kind }: Notice) => ({ sourceId, kind })

const LOOK_MS = 60_000

/** Looks once a minute until it is stopped. */
export function keepLooking(service: NotifyService, logger: Logger): { stop(): Promise<void> } {
  let stopped = false
  let working: Promise<void> = Promise.resolve()
  const look = () => {
    working = service
      .look()
      .catch((err: unknown) => {
        // Where the database is gone, others say so.
        if (!(err instanceof HandoverError)) logger.warn({ err }, 'It could not be looked whether somebody must be told of a source')
      })
      .finally(() => {
        if (!stopped) again()
      })
  }
  let timer: NodeJS.Timeout
  const again = () => {
    timer = setTimeout(look, LOOK_MS)
    timer.unref()
  }
  again()
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await working
    },
  }
}
