import { Agenda } from 'agenda'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BACKENDS, type TestStore } from '../../test/schedule/test-backends.ts'
import { JOB, Plans } from './plans.ts'
import type { ScheduleBackend } from './schedule-backend.ts'
import type { Schedule } from './schedule-rule.ts'

const NOON = new Date('2026-03-01T12:00:00.000Z')
const seconds = (count: number) => new Date(NOON.getTime() + count * 1000)
const every = { every: 120 }

describe.each(BACKENDS)('on $name', ({ missing, make }) => {
  let store: TestStore | undefined
  let backend: ScheduleBackend
  let plans: Plans
  let wanted: Map<string, Schedule>

  beforeEach(async (context) => {
    store = undefined
    if (missing !== null) context.skip(missing)
    store = await make()
    backend = await store.open()
    wanted = new Map([['a', every]])
    const agenda = new Agenda({ backend, name: 'one' })
    agenda.define(JOB, async () => {})
    plans = new Plans({ agenda, jobs: backend.repository, clock: { now: () => NOON }, wanted: async () => wanted })
  })

  afterEach(async () => {
    if (store === undefined) return
    await backend.disconnect()
    await store.end()
  })

  /** A job as another process leaves it. */
  async function insert(plannedAt: Date, schedule: NonNullable<Schedule> = every) {
    const data = { sourceId: 'a', plannedAt: plannedAt.toISOString(), schedule }
    const { _id } = await backend.repository.saveJob(
      { name: JOB, type: 'normal', priority: 0, nextRunAt: plannedAt, data },
      { lastModifiedBy: 'other' },
    )
    return { id: String(_id), ...data }
  }

  const times = async () => (await plans.triggers()).map(({ plannedAt }) => plannedAt)

  it('lets the first of two jobs for the same run report, whichever comes first', async () => {
    const [early, late] = [await insert(seconds(120)), await insert(seconds(121))]
    expect([await plans.mayReport(late), await plans.mayReport(early), await plans.mayReport(late)]).toEqual([false, true, false])
    expect(await times()).toEqual([seconds(120)])
  })

  it('lets both report when one is the run after the other', async () => {
    const [first, next] = [await insert(seconds(120)), await insert(seconds(240))]
    expect([await plans.mayReport(next), await plans.mayReport(first)]).toEqual([true, true])
  })

  it('lets no job report that is of another schedule, or of a source that is not wanted', async () => {
    const old = await insert(seconds(120), { every: 60 })
    const current = await insert(seconds(120))
    expect([await plans.mayReport(old), await plans.mayReport(current)]).toEqual([false, true])
    wanted.clear()
    expect(await plans.mayReport(current)).toBe(false)
  })

  it('keeps the earliest of several jobs, and removes what killed processes left', async () => {
    await insert(seconds(300))
    await insert(seconds(120))
    const disabled = await insert(seconds(60))
    await backend.repository.disableJobs({ ids: [disabled.id] })
    await insert(seconds(60), { every: 60 })
    await plans.settle('a')
    expect(await times()).toEqual([seconds(120)])
  })

  it('leaves a disabled job to the process that holds it, and removes it when that process is dead', async () => {
    await insert(seconds(120))
    for (const [planned, lockedAt] of [
      [seconds(10), new Date()],
      [seconds(20), NOON],
    ] as const) {
      const { id } = await insert(planned)
      const job = await backend.repository.getJobById(id)
      await backend.repository.saveJobState({ ...job!, lockedAt }, { lastModifiedBy: 'other' })
      await backend.repository.disableJobs({ ids: [id] })
    }
    await plans.settleAll()
    expect((await times()).toSorted((a, b) => a.getTime() - b.getTime())).toEqual([seconds(10), seconds(120)])
  })

  it('plans on for a job whose twin runs at the same time, so that neither relies on the other', async () => {
    const [own, twin] = [await insert(seconds(120)), await insert(seconds(120))]
    for (const { id } of [own, twin]) {
      const job = await backend.repository.getJobById(id)
      await backend.repository.saveJobState({ ...job!, nextRunAt: null, lockedAt: new Date() }, { lastModifiedBy: 'other' })
    }
    await plans.settle('a', own)
    await plans.settle('a', twin)
    const waiting = (await plans.triggers()).filter(({ nextRunAt }) => nextRunAt !== null)
    expect(waiting.map(({ plannedAt }) => plannedAt)).toEqual([seconds(240)])
  })

  it('does nothing for a schedule that is never due again', async () => {
    wanted.set('a', { cron: '0 0 31 2 *', timeZone: 'UTC' })
    await plans.settle('a')
    expect(await times()).toEqual([])
  })
})
