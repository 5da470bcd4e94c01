import { EventEmitter, once } from 'node:events'
import { Writable } from 'node:stream'
import { pino } from 'pino'
import type { ScheduleBackend } from '../../src/schedule/schedule-backend.ts'
import { ScheduleService, type OnDue, type Schedule } from '../../src/schedule/schedule.service.ts'
import type { TriggerData } from '../../src/schedule/trigger.ts'
import type { TestStore } from './test-backends.ts'

type Jobs = ScheduleBackend['repository']
type StoredJob = Parameters<Jobs['saveJobState']>[0]
type FoundJob = Awaited<ReturnType<Jobs['queryJobs']>>['jobs'][number] & { readonly data: TriggerData }

const MINUTE = 60_000
export const START = new Date('2026-03-01T12:00:00.000Z')
export const FAR = new Date('2126-03-01T12:00:00.000Z')
export const after = (minutes: number): Date => new Date(START.getTime() + minutes * MINUTE)

/** Any number of schedules on one store, as processes of their own would have them. */
export class TestSchedules {
  /** What the sources of the warehouse say. */
  readonly wanted = new Map<string, Schedule>()
  readonly logged: string[] = []
  /** The time for all of them. */
  now = START
  readonly #store: TestStore
  /** Looks at the jobs from outside. */
  readonly #look: ScheduleBackend
  readonly #running: ScheduleService[] = []

  private constructor(store: TestStore, look: ScheduleBackend) {
    this.#store = store
    this.#look = look
  }

  static async open(store: TestStore): Promise<TestSchedules> {
    return new TestSchedules(store, await store.open())
  }

  /** Stops every schedule and removes the store. */
  async end(): Promise<void> {
    for (const service of this.#running) await service.stop()
    await this.#look.disconnect()
    await this.#store.end()
  }

  /** One more process. */
  async service(onDue: OnDue = async () => {}, wanted = async () => new Map(this.wanted)): Promise<ScheduleService> {
    const stream = new Writable({ write: (line, _, done) => (this.logged.push(String(line)), done()) })
    const service = new ScheduleService({
      ...{ clock: { now: () => this.now }, logger: pino({ level: 'warn' }, stream), onDue, wanted, pollMs: 20 },
      backend: await this.#store.open(),
    })
    this.#running.push(service)
    return service
  }

  /** One that hears what is wanted late: whatever `meanwhile` does comes between its first question and the answer. */
  serviceThatReadsBefore(meanwhile: () => Promise<void>): Promise<ScheduleService> {
    let isFirst = true
    return this.service(undefined, async () => {
      const seen = new Map(this.wanted)
      if (isFirst) {
        isFirst = false
        await meanwhile()
      }
      return seen
    })
  }

  /** As when a person changes a source: first its row, then its plan. */
  async set(service: ScheduleService, id: string, rule: Schedule, paused = false): Promise<void> {
    if (rule === null || paused) this.wanted.delete(id)
    else this.wanted.set(id, rule)
    await service.set(id, rule, paused)
  }

  async remove(service: ScheduleService, id: string): Promise<void> {
    this.wanted.delete(id)
    await service.remove(id)
  }

  /**
   * Reports due times as events. The plan lies in the past of Agenda's own clock, so it is due at once; each report moves our clock on, and
   * the last one into the far future, so that the next plan waits. The same report again is let go, as `OnDue` has it: a server that claims
   * a job in two steps makes some.
   */
  reporter(clock: readonly Date[]): { reports: [sourceId: string, plannedAt: Date][]; onDue: OnDue; all: Promise<unknown> } {
    const reports: [sourceId: string, plannedAt: Date][] = []
    const events = new EventEmitter()
    const onDue: OnDue = async (sourceId, plannedAt) => {
      if (reports.some(([id, at]) => id === sourceId && at.getTime() === plannedAt.getTime())) return
      this.now = clock[reports.length] ?? FAR
      reports.push([sourceId, plannedAt])
      if (reports.length >= clock.length) events.emit('all')
    }
    return { reports, onDue, all: once(events, 'all') }
  }

  /** Every job there is, next one first. */
  async rows(): Promise<FoundJob[]> {
    const { jobs } = await this.#look.repository.queryJobs({ sort: { nextRunAt: 'asc' } })
    return jobs as FoundJob[]
  }

  /** Leaves a job as a killed process would: its lock has run out long ago, and Agenda has taken its time away. */
  leaveBehind(job: StoredJob, change: Partial<StoredJob> = {}): Promise<void> {
    const left = { ...job, lockedAt: after(2), lastRunAt: after(2), nextRunAt: null, ...change }
    return this.#look.repository.saveJobState(left, { lastModifiedBy: 'dead' })
  }

  /** Puts a job there as another process would. */
  insert(data: TriggerData): Promise<StoredJob> {
    const nextRunAt = new Date(data.plannedAt)
    return this.#look.repository.saveJob({ name: 'load', type: 'normal', priority: 0, nextRunAt, data }, { lastModifiedBy: 'other' })
  }
}
