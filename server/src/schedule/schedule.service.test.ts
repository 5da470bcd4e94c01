import { EventEmitter, once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { migrations } from '../migrations/index.ts'
import { openDatabase, type Database } from '../warehouse/warehouse.service.ts'
import { AgendaJob } from './agenda-job.entity.ts'
import { scheduleEntities } from './entities.ts'
import { ScheduleService, type OnDue } from './schedule.service.ts'

const MINUTE = 60_000
const START = new Date('2026-03-01T12:00:00.000Z')
const FAR = new Date('2126-03-01T12:00:00.000Z')
const after = (minutes: number) => new Date(START.getTime() + minutes * MINUTE)

let folder: string
let db: Database
let now: Date
let logged: string[]
let running: ScheduleService[]

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handover-schedule-'))
  db = await openDatabase({ file: join(folder, 'handover.db'), entities: scheduleEntities, migrations })
  now = START
  logged = []
  running = []
})

afterEach(async () => {
  for (const service of running) await service.stop()
  await db.close()
  await rm(folder, { recursive: true })
})

function service(onDue: OnDue): ScheduleService {
  const stream = new Writable({ write: (line, _, done) => (logged.push(String(line)), done()) })
  const made = new ScheduleService(db, { now: () => now }, pino({ level: 'warn' }, stream), onDue, { pollMs: 20 })
  running.push(made)
  return made
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

const rows = () => db.write.getRepository(AgendaJob).find({ order: { nextRunAt: 'ASC' } })

it('reports each planned time, then plans the next one without drift', async () => {
  const { reports, onDue, all } = reporter([new Date(after(2).getTime() + 7000), new Date(after(4).getTime() + 31_000), FAR])
  const schedule = service(onDue)
  await schedule.set('a', { every: 120 }, false)
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
  const first = service(async () => {})
  await first.set('a', { every: 120 }, false)
  await first.stop()
  now = FAR
  const { reports, onDue, all } = reporter([FAR])
  const schedule = service(onDue)
  await schedule.set('a', { every: 120 }, false)
  await schedule.start()
  await all
  await schedule.stop()
  expect(reports).toEqual([['a', after(2)]])
  expect((await schedule.nextAll()).get('a')!.getTime()).toBeGreaterThan(FAR.getTime())
})

it('keeps a plan when the same schedule is set again, and makes a new one for another schedule', async () => {
  const schedule = service(async () => {})
  await schedule.set('a', { every: 120 }, false)
  now = after(1)
  await schedule.set('a', { every: 120 }, false)
  expect(await schedule.next('a')).toEqual(after(2))
  await schedule.set('a', { every: 300 }, false)
  expect(await schedule.next('a')).toEqual(after(6))
  await schedule.set('a', { cron: '30 15 * * *', timeZone: 'Europe/Stockholm' }, false)
  expect(await schedule.next('a')).toEqual(new Date('2026-03-01T14:30:00.000Z'))
  expect(await rows()).toHaveLength(1)
})

it('has no job for a source that is paused, removed, or loads only when asked', async () => {
  const schedule = service(async () => {})
  for (const id of ['a', 'b', 'c', 'd']) await schedule.set(id, { every: 120 }, false)
  await schedule.set('a', { every: 120 }, true)
  await schedule.remove('b')
  await schedule.set('c', null, false)
  expect([...(await schedule.nextAll()).keys()]).toEqual(['d'])
  expect(await rows()).toHaveLength(1)
})

it('refuses a wrong schedule and leaves the plan as it was', async () => {
  const schedule = service(async () => {})
  await schedule.set('a', { every: 120 }, false)
  await expect(schedule.set('a', { every: 1 }, false)).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  expect(await schedule.next('a')).toEqual(after(2))
})

it('repeats the report, and plans once, when the process died before the next run was planned', async () => {
  const dead = service(async () => {})
  await dead.set('a', { every: 120 }, false)
  await dead.stop()
  // What Agenda leaves of a job whose process was killed a moment ago, while it ran: its lock still has time to go.
  await db.write
    .getRepository(AgendaJob)
    .update({ name: 'load' }, { lockedAt: new Date(), lastRunAt: after(2), nextRunAt: null, lastModifiedBy: 'dead' })
  const { reports, onDue, all } = reporter([FAR])
  const schedule = service(onDue)
  await schedule.set('a', { every: 120 }, false)
  await schedule.start()
  await all
  await schedule.stop()
  expect(reports).toEqual([['a', after(2)]])
  expect((await rows()).filter((row) => row.nextRunAt !== null)).toHaveLength(1)
})

it('plans nothing twice when the process died after the next run was planned', async () => {
  const dead = service(async () => {})
  await dead.set('a', { every: 120 }, false)
  await dead.stop()
  const [killed] = await rows()
  const next = { sourceId: 'a', plannedAt: FAR.toISOString(), schedule: { every: 120 } }
  await db.write.getRepository(AgendaJob).insert({ ...killed!, id: 'next', nextRunAt: FAR, data: next })
  await db.write.getRepository(AgendaJob).update({ id: killed!.id }, { lockedAt: after(2), lastRunAt: after(2), nextRunAt: null })
  const { reports, onDue, all } = reporter([FAR])
  const schedule = service(onDue)
  await schedule.set('a', { every: 120 }, false)
  await schedule.start()
  await all
  await schedule.stop()
  expect(reports).toEqual([['a', after(2)]])
  expect((await rows()).filter((row) => row.id !== killed!.id).map((row) => row.id)).toEqual(['next'])
})

it('does not plan on for a source that is removed while its time is being reported', async () => {
  const events = new EventEmitter()
  const schedule: ScheduleService = service(async (sourceId) => {
    now = FAR
    await schedule.remove(sourceId)
    events.emit('removed')
  })
  await schedule.set('a', { every: 120 }, false)
  await schedule.start()
  await once(events, 'removed')
  await schedule.stop()
  expect(await schedule.next('a')).toBeNull()
})

it('runs a trigger again whose report failed, and says so in the log', async () => {
  let tries = 0
  const events = new EventEmitter()
  const schedule = service(async (_, plannedAt) => {
    if (++tries === 1) throw new Error('database is busy')
    now = FAR
    events.emit('reported', plannedAt)
  })
  await schedule.set('a', { every: 120 }, false)
  await schedule.start()
  expect(await once(events, 'reported')).toEqual([after(2)])
  expect(logged.join('')).toContain('will run again')
})

it('gives its jobs back when it stops, although Agenda has fetched them ahead', async () => {
  const schedule = service(async () => {})
  await schedule.set('a', { every: 120 }, false)
  await schedule.start()
  await schedule.stop()
  expect((await rows()).filter((row) => row.lockedAt !== null)).toEqual([])
})

it('forgets a source that was removed when the process died before it could say so', async () => {
  const dead = service(async () => {})
  await dead.set('gone', { every: 120 }, false)
  await dead.stop()
  const schedule = service(async () => {})
  await schedule.set('a', { every: 120 }, false)
  await schedule.start()
  await schedule.stop()
  expect([...(await schedule.nextAll()).keys()]).toEqual(['a'])
})

it('holds nothing in a job but ids, times and the schedule', async () => {
  const schedule = service(async () => {})
  await schedule.set('a', { every: 120 }, false)
  expect((await rows()).map((row) => row.data)).toEqual([{ sourceId: 'a', plannedAt: after(2).toISOString(), schedule: { every: 120 } }])
})
