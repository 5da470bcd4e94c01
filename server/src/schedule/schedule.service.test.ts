import { EventEmitter, once } from 'node:events'
import { beforeEach, describe, expect, it } from 'vitest'
import { BACKENDS } from '../../test/schedule/test-backends.ts'
import { after, FAR, TestSchedules } from '../../test/schedule/test-schedules.ts'
import type { ScheduleService } from './schedule.service.ts'

describe.each(BACKENDS)('on $name', ({ missing, make }) => {
  let test: TestSchedules

  beforeEach(async (context) => {
    if (missing !== null) context.skip(missing)
    test = await TestSchedules.open(await make())
    return () => test.end()
  })

  it('reports each planned time, then plans the next one without drift', async () => {
    const { reports, onDue, all } = test.reporter([new Date(after(2).getTime() + 7000), new Date(after(4).getTime() + 31_000), FAR])
    const schedule = await test.service(onDue)
    await test.set(schedule, 'a', { every: 120 })
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
    const first = await test.service()
    await test.set(first, 'a', { every: 120 })
    await first.stop()
    test.now = FAR
    const { reports, onDue, all } = test.reporter([FAR])
    const [schedule, asking] = [await test.service(onDue), await test.service(onDue)]
    await test.set(schedule, 'a', { every: 120 })
    await schedule.start()
    await all
    await schedule.stop()
    expect(reports).toEqual([['a', after(2)]])
    expect((await asking.nextAll()).get('a')!.getTime()).toBeGreaterThan(FAR.getTime())
  })

  it('keeps a plan when the same schedule is set again, and makes a new one for another schedule', async () => {
    const schedule = await test.service()
    await test.set(schedule, 'a', { every: 120 })
    test.now = after(1)
    await test.set(schedule, 'a', { every: 120 })
    expect(await schedule.next('a')).toEqual(after(2))
    await test.set(schedule, 'a', { every: 300 })
    expect(await schedule.next('a')).toEqual(after(6))
    await test.set(schedule, 'a', { cron: '30 15 * * *', timeZone: 'Europe/Stockholm' })
    expect(await schedule.next('a')).toEqual(new Date('2026-03-01T14:30:00.000Z'))
    expect(await test.rows()).toHaveLength(1)
  })

  it('has no job for a source that is paused, removed, or loads only when asked', async () => {
    const schedule = await test.service()
    for (const id of ['a', 'b', 'c', 'd']) await test.set(schedule, id, { every: 120 })
    await test.set(schedule, 'a', { every: 120 }, true)
    await test.remove(schedule, 'b')
    await test.set(schedule, 'c', null)
    expect([...(await schedule.nextAll()).keys()]).toEqual(['d'])
    expect(await test.rows()).toHaveLength(1)
  })

  it('refuses a wrong schedule and leaves the plan as it was', async () => {
    const schedule = await test.service()
    await test.set(schedule, 'a', { every: 120 })
    await expect(schedule.set('a', { every: 1 }, false)).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
    expect(await schedule.next('a')).toEqual(after(2))
  })

  it('repeats the report, and plans once, when the process died before the next run was planned', async () => {
    const dead = await test.service()
    await test.set(dead, 'a', { every: 120 })
    await dead.stop()
    await test.leaveBehind((await test.rows())[0]!)
    const { reports, onDue, all } = test.reporter([FAR])
    const schedule = await test.service(onDue)
    await test.set(schedule, 'a', { every: 120 })
    await schedule.start()
    await all
    await schedule.stop()
    expect(reports).toEqual([['a', after(2)]])
    expect((await test.rows()).filter((row) => row.nextRunAt !== null)).toHaveLength(1)
  })

  it('plans nothing twice when the process died after the next run was planned', async () => {
    const dead = await test.service()
    await test.set(dead, 'a', { every: 120 })
    await dead.stop()
    const [killed] = await test.rows()
    const next = await test.insert({ sourceId: 'a', plannedAt: FAR.toISOString(), schedule: { every: 120 } })
    await test.leaveBehind(killed!)
    const { reports, onDue, all } = test.reporter([FAR])
    const schedule = await test.service(onDue)
    await test.set(schedule, 'a', { every: 120 })
    await schedule.start()
    await all
    await schedule.stop()
    expect(reports).toEqual([['a', after(2)]])
    expect((await test.rows()).filter((row) => row._id !== killed!._id).map((row) => row._id)).toEqual([next._id])
  })

  it('plans the next run of a source whose last job was left behind by a process that died before it could remove it', async () => {
    const dead = await test.service()
    await test.set(dead, 'a', { every: 120 })
    await dead.stop()
    await test.leaveBehind((await test.rows())[0]!, { lockedAt: undefined, lastFinishedAt: after(2) })
    const schedule = await test.service()
    await schedule.compare()
    expect((await test.rows()).map((row) => row.nextRunAt)).toEqual([after(2)])
  })

  it('does not plan on for a source that is removed while its time is being reported', async () => {
    const events = new EventEmitter()
    const schedule: ScheduleService = await test.service(async (sourceId) => {
      test.now = FAR
      await test.remove(schedule, sourceId)
      events.emit('removed')
    })
    await test.set(schedule, 'a', { every: 120 })
    await schedule.start()
    await once(events, 'removed')
    await schedule.stop()
    expect(await schedule.next('a')).toBeNull()
  })

  it('runs a trigger again whose report failed, and says so in the log', async () => {
    let tries = 0
    const events = new EventEmitter()
    const schedule = await test.service(async (_, plannedAt) => {
      if (++tries === 1) throw new Error('database is busy')
      test.now = FAR
      events.emit('reported', plannedAt)
    })
    await test.set(schedule, 'a', { every: 120 })
    await schedule.start()
    expect(await once(events, 'reported')).toEqual([after(2)])
    expect(test.logged.join('')).toContain('will run again')
  })

  it('gives its jobs back when it stops, although Agenda has fetched them ahead', async () => {
    const schedule = await test.service()
    await test.set(schedule, 'a', { every: 120 })
    await schedule.start()
    await schedule.stop()
    expect((await test.rows()).filter((row) => row.lockedAt)).toEqual([])
  })

  it('forgets a source that was removed when the process died before it could say so', async () => {
    const dead = await test.service()
    await test.set(dead, 'gone', { every: 120 })
    await dead.stop()
    test.wanted.delete('gone')
    const schedule = await test.service()
    await test.set(schedule, 'a', { every: 120 })
    await schedule.start()
    await schedule.stop()
    expect((await test.rows()).map((row) => row.data.sourceId)).toEqual(['a'])
  })

  it('holds nothing in a job but ids, times and the schedule', async () => {
    const schedule = await test.service()
    await test.set(schedule, 'a', { every: 120 })
    expect((await test.rows()).map((row) => row.data)).toEqual([
      { sourceId: 'a', plannedAt: after(2).toISOString(), schedule: { every: 120 } },
    ])
  })
})
