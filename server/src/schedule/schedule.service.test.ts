import { EventEmitter, once } from 'node:events'
import { Writable } from 'node:stream'
import type { JobParameters } from 'agenda'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BACKENDS, type TestStore } from '../../test/schedule/test-backends.ts'
import type { ScheduleBackend } from './schedule-backend.ts'
import { ScheduleService, type OnDue, type Schedule } from './schedule.service.ts'
import type { TriggerData } from './trigger.ts'

const MINUTE = 60_000
const START = new Date('2026-03-01T12:00:00.000Z')
const FAR = new Date('2126-03-01T12:00:00.000Z')
const after = (minutes: number) => new Date(START.getTime() + minutes * MINUTE)

describe.each(BACKENDS)('on $name', ({ missing, make }) => {
  let store: TestStore | undefined
  /** Looks at the jobs from outside. */
  let look: ScheduleBackend
  /** What the sources of the warehouse say. */
  let wanted: Map<string, Schedule>
  let now: Date
  let logged: string[]
  let running: ScheduleService[]

  beforeEach(async (context) => {
    store = undefined
    running = []
    if (missing !== null) context.skip(missing)
    store = await make()
    look = await store.open()
    wanted = new Map()
    now = START
    logged = []
  })

  afterEach(async () => {
    for (const service of running) await service.stop()
    if (store === undefined) return
    await look.disconnect()
    await store.end()
  })

  /** A schedule as a process of its own would have it. */
  async function service(onDue: OnDue, ask = async () => new Map(wanted)): Promise<ScheduleService> {
    const stream = new Writable({ write: (line, _, done) => (logged.push(String(line)), done()) })
    const made = new ScheduleService({
      ...{ clock: { now: () => now }, logger: pino({ level: 'warn' }, stream), onDue, pollMs: 20 },
      backend: await store!.open(),
      wanted: ask,
    })
    running.push(made)
    return made
  }

  /** As when a person changes a source: first its row, then its plan. */
  async function set(schedule: ScheduleService, id: string, rule: Schedule, paused = false): Promise<void> {
    if (rule === null || paused) wanted.delete(id)
    else wanted.set(id, rule)
    await schedule.set(id, rule, paused)
  }

  async function remove(schedule: ScheduleService, id: string): Promise<void> {
    wanted.delete(id)
    await schedule.remove(id)
  }

  /**
   * Reports due times as events. The plan lies in the past of Agenda's own clock, so it is due at once; each report moves our clock on, and
   * the last one into the far future, so that the next plan waits.
   */
  function reporter(clock: readonly Date[]) {
    const reports: [sourceId: string, plannedAt: Date][] = []
    const events = new EventEmitter()
    const onDue: OnDue = async (sourceId, plannedAt) => {
      now = clock[reports.length] ?? FAR
      reports.push([sourceId, plannedAt])
      if (reports.length >= clock.length) events.emit('all')
    }
    return { reports, onDue, all: once(events, 'all') }
  }

  /** Every job there is, next one first. */
  const rows = async () => (await look.repository.queryJobs({ sort: { nextRunAt: 'asc' } })).jobs

  /** Leaves a job as a killed process would: its lock has run out long ago, and Agenda has taken its time away. */
  const leaveBehind = (job: JobParameters, change: Partial<JobParameters> = {}) =>
    look.repository.saveJobState(
      { ...job, lockedAt: after(2), lastRunAt: after(2), nextRunAt: null, ...change },
      { lastModifiedBy: 'dead' },
    )

  /** Puts a job there as another process would. */
  const insert = (data: TriggerData, change: Partial<JobParameters> = {}) =>
    look.repository.saveJob(
      { name: 'load', type: 'normal', priority: 0, nextRunAt: new Date(data.plannedAt), data, ...change },
      { lastModifiedBy: 'other' },
    )

  it('reports each planned time, then plans the next one without drift', async () => {
    const { reports, onDue, all } = reporter([new Date(after(2).getTime() + 7000), new Date(after(4).getTime() + 31_000), FAR])
    const schedule = await service(onDue)
    await set(schedule, 'a', { every: 120 })
    expect(await schedule.next('a')).toEqual(after(2))
    await schedule.start()
    await all
    expect(reports).toEqual([
      ['a', after(2)],
      ['a', after(4)],
      ['a', after(6)],
    ])
  })

  it('reports once what was missed many times', async () => {
    const first = await service(async () => {})
    await set(first, 'a', { every: 120 })
    await first.stop()
    now = FAR
    const { reports, onDue, all } = reporter([FAR])
    const [schedule, asking] = [await service(onDue), await service(onDue)]
    await set(schedule, 'a', { every: 120 })
    await schedule.start()
    await all
    await schedule.stop()
    expect(reports).toEqual([['a', after(2)]])
    expect((await asking.nextAll()).get('a')!.getTime()).toBeGreaterThan(FAR.getTime())
  })

  it('keeps a plan when the same schedule is set again, and makes a new one for another schedule', async () => {
    const schedule = await service(async () => {})
    await set(schedule, 'a', { every: 120 })
    now = after(1)
    await set(schedule, 'a', { every: 120 })
    expect(await schedule.next('a')).toEqual(after(2))
    await set(schedule, 'a', { every: 300 })
    expect(await schedule.next('a')).toEqual(after(6))
    await set(schedule, 'a', { cron: '30 15 * * *', timeZone: 'Europe/Stockholm' })
    expect(await schedule.next('a')).toEqual(new Date('2026-03-01T14:30:00.000Z'))
    expect(await rows()).toHaveLength(1)
  })

  it('has no job for a source that is paused, removed, or loads only when asked', async () => {
    const schedule = await service(async () => {})
    for (const id of ['a', 'b', 'c', 'd']) await set(schedule, id, { every: 120 })
    await set(schedule, 'a', { every: 120 }, true)
    await remove(schedule, 'b')
    await set(schedule, 'c', null)
    expect([...(await schedule.nextAll()).keys()]).toEqual(['d'])
    expect(await rows()).toHaveLength(1)
  })

  it('refuses a wrong schedule and leaves the plan as it was', async () => {
    const schedule = await service(async () => {})
    await set(schedule, 'a', { every: 120 })
    await expect(schedule.set('a', { every: 1 }, false)).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
    expect(await schedule.next('a')).toEqual(after(2))
  })

  it('repeats the report, and plans once, when the process died before the next run was planned', async () => {
    const dead = await service(async () => {})
    await set(dead, 'a', { every: 120 })
    await dead.stop()
    await leaveBehind((await rows())[0]!)
    const { reports, onDue, all } = reporter([FAR])
    const schedule = await service(onDue)
    await set(schedule, 'a', { every: 120 })
    await schedule.start()
    await all
    await schedule.stop()
    expect(reports).toEqual([['a', after(2)]])
    expect((await rows()).filter((row) => row.nextRunAt !== null)).toHaveLength(1)
  })

  it('plans nothing twice when the process died after the next run was planned', async () => {
    const dead = await service(async () => {})
    await set(dead, 'a', { every: 120 })
    await dead.stop()
    const [killed] = await rows()
    const next = await insert({ sourceId: 'a', plannedAt: FAR.toISOString(), schedule: { every: 120 } })
    await leaveBehind(killed!)
    const { reports, onDue, all } = reporter([FAR])
    const schedule = await service(onDue)
    await set(schedule, 'a', { every: 120 })
    await schedule.start()
    await all
    await schedule.stop()
    expect(reports).toEqual([['a', after(2)]])
    expect((await rows()).filter((row) => row._id !== killed!._id).map((row) => row._id)).toEqual([next._id])
  })

  it('plans the next run of a source whose last job was left behind by a process that died before it could remove it', async () => {
    const dead = await service(async () => {})
    await set(dead, 'a', { every: 120 })
    await dead.stop()
    await look.repository.saveJobState({ ...(await rows())[0]!, nextRunAt: null, lastFinishedAt: after(2) }, { lastModifiedBy: 'dead' })
    const schedule = await service(async () => {})
    await schedule.compare()
    expect((await rows()).map((row) => row.nextRunAt)).toEqual([after(2)])
  })

  it('does not plan on for a source that is removed while its time is being reported', async () => {
    const events = new EventEmitter()
    const schedule: ScheduleService = await service(async (sourceId) => {
      now = FAR
      await remove(schedule, sourceId)
      events.emit('removed')
    })
    await set(schedule, 'a', { every: 120 })
    await schedule.start()
    await once(events, 'removed')
    await schedule.stop()
    expect(await schedule.next('a')).toBeNull()
  })

  it('runs a trigger again whose report failed, and says so in the log', async () => {
    let tries = 0
    const events = new EventEmitter()
    const schedule = await service(async (_, plannedAt) => {
      if (++tries === 1) throw new Error('database is busy')
      now = FAR
      events.emit('reported', plannedAt)
    })
    await set(schedule, 'a', { every: 120 })
    await schedule.start()
    expect(await once(events, 'reported')).toEqual([after(2)])
    expect(logged.join('')).toContain('will run again')
  })

  it('gives its jobs back when it stops, although Agenda has fetched them ahead', async () => {
    const schedule = await service(async () => {})
    await set(schedule, 'a', { every: 120 })
    await schedule.start()
    await schedule.stop()
    expect((await rows()).filter((row) => row.lockedAt)).toEqual([])
  })

  it('forgets a source that was removed when the process died before it could say so', async () => {
    const dead = await service(async () => {})
    await set(dead, 'gone', { every: 120 })
    await dead.stop()
    wanted.delete('gone')
    const schedule = await service(async () => {})
    await set(schedule, 'a', { every: 120 })
    await schedule.start()
    await schedule.stop()
    expect((await rows()).map((row) => (row.data as TriggerData).sourceId)).toEqual(['a'])
  })

  it('holds nothing in a job but ids, times and the schedule', async () => {
    const schedule = await service(async () => {})
    await set(schedule, 'a', { every: 120 })
    expect((await rows()).map((row) => row.data)).toEqual([{ sourceId: 'a', plannedAt: after(2).toISOString(), schedule: { every: 120 } }])
  })

  describe('with several processes', () => {
    it('keeps one job of a source that all plan at once, and tells the same next time in each', async () => {
      const processes = await Promise.all([1, 2, 3, 4].map(() => service(async () => {})))
      wanted.set('a', { every: 120 })
      await Promise.all(
        processes.map((schedule, index) => {
          now = new Date(START.getTime() + index)
          return schedule.set('a', { every: 120 }, false)
        }),
      )
      expect(await rows()).toHaveLength(1)
      const next = (await rows())[0]!.nextRunAt
      for (const schedule of processes) expect(await schedule.next('a')).toEqual(next)
    })

    it('ends with what the source says when a change comes while another process plans what it said before', async () => {
      const changing = await service(async () => {})
      const late = await serviceThatReadsBefore(() => set(changing, 'a', { every: 300 }))
      wanted.set('a', { every: 120 })
      await late.set('a', { every: 120 }, false)
      expect((await rows()).map((row) => row.data)).toEqual([
        { sourceId: 'a', plannedAt: after(5).toISOString(), schedule: { every: 300 } },
      ])
    })

    it('keeps the job of a source that another process makes while this one starts', async () => {
      const making = await service(async () => {})
      const starting = await serviceThatReadsBefore(() => set(making, 'new', { every: 120 }))
      await starting.start()
      expect((await rows()).map((row) => row.nextRunAt)).toEqual([after(2)])
    })

    it('removes the job of a source that another process removes while this one plans it', async () => {
      const removing = await service(async () => {})
      const late = await serviceThatReadsBefore(() => remove(removing, 'a'))
      wanted.set('a', { every: 120 })
      await late.set('a', { every: 120 }, false)
      expect(await rows()).toEqual([])
    })

    it('leaves a job alone that another process holds', async () => {
      const reported: string[] = []
      const events = new EventEmitter()
      const schedule = await service(async (sourceId) => {
        now = FAR
        reported.push(sourceId)
        events.emit('reported')
      })
      await set(schedule, 'held', { every: 120 })
      await leaveBehind((await rows())[0]!, { lockedAt: new Date() })
      await set(schedule, 'free', { every: 120 })
      const reporting = once(events, 'reported')
      await schedule.start()
      await reporting
      await schedule.stop()
      expect(reported).toEqual(['free'])
      expect((await rows()).find((row) => (row.data as TriggerData).sourceId === 'held')).toMatchObject({ lastModifiedBy: 'dead' })
    })

    it('lets one process plan and answer without running anything, and another run it', async () => {
      const asking = await service(() => Promise.reject(new Error('this process only answers')))
      await set(asking, 'a', { every: 120 })
      const { reports, onDue, all } = reporter([FAR])
      const working = await service(onDue)
      await working.start()
      await all
      await working.stop()
      expect(reports).toEqual([['a', after(2)]])
      expect((await asking.next('a'))!.getTime()).toBeGreaterThan(FAR.getTime())
    })

    it('plans a source whose process died between the change and the plan', async () => {
      const schedule = await service(async () => {})
      wanted.set('a', { every: 120 })
      await schedule.compare()
      expect(await schedule.next('a')).toEqual(after(2))
    })

    it('loses nothing when two processes run side by side, and repeats nothing but the same time', async () => {
      const seen = new Set<string>()
      const events = new EventEmitter()
      const onDue: OnDue = async (sourceId, plannedAt) => {
        now = FAR
        if (seen.add(`${sourceId} ${plannedAt.toISOString()}`).size === 2) events.emit('both')
      }
      const both = once(events, 'both')
      const processes = [await service(onDue), await service(onDue)]
      await set(processes[0]!, 'a', { every: 120 })
      await set(processes[0]!, 'b', { every: 180 })
      for (const schedule of processes) await schedule.start()
      await both
      for (const schedule of processes) await schedule.stop()
      expect([...seen].toSorted()).toEqual([`a ${after(2).toISOString()}`, `b ${after(3).toISOString()}`])
      const next = (await rows()).filter((row) => row.nextRunAt! > FAR).map((row) => (row.data as TriggerData).sourceId)
      expect(next.toSorted()).toEqual(['a', 'b'])
    })
  })

  /** A schedule that hears what is wanted late: whatever `meanwhile` does comes between its first question and the answer. */
  async function serviceThatReadsBefore(meanwhile: () => Promise<void>): Promise<ScheduleService> {
    let isFirst = true
    const made = await service(
      async () => {},
      async () => {
        const seen = new Map(wanted)
        if (isFirst) {
          isFirst = false
          await meanwhile()
        }
        return seen
      },
    )
    return made
  }
})
