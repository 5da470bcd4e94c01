import { EventEmitter, once } from 'node:events'
import { beforeEach, describe, expect, it } from 'vitest'
import { BACKENDS } from '../../test/schedule/test-backends.ts'
import { after, FAR, START, TestSchedules } from '../../test/schedule/test-schedules.ts'
import type { OnDue } from './schedule.service.ts'

describe.each(BACKENDS)('several processes on $name', ({ missing, make }) => {
  let test: TestSchedules

  beforeEach(async (context) => {
    if (missing !== null) context.skip(missing)
    test = await TestSchedules.open(await make())
    return () => test.end()
  })

  it('keeps one job of a source that all plan at once, and tells the same next time in each', async () => {
    const processes = await Promise.all([1, 2, 3, 4].map(() => test.service()))
    test.wanted.set('a', { every: 120 })
    await Promise.all(
      processes.map((schedule, index) => {
        test.now = new Date(START.getTime() + index)
        return schedule.set('a', { every: 120 }, false)
      }),
    )
    expect(await test.rows()).toHaveLength(1)
    const next = (await test.rows())[0]!.nextRunAt
    for (const schedule of processes) expect(await schedule.next('a')).toEqual(next)
  })

  it('ends with what the source says when a change comes while another process plans what it said before', async () => {
    const changing = await test.service()
    const late = await test.serviceThatReadsBefore(() => test.set(changing, 'a', { every: 300 }))
    test.wanted.set('a', { every: 120 })
    await late.set('a', { every: 120 }, false)
    expect((await test.rows()).map((row) => row.data)).toEqual([
      { sourceId: 'a', plannedAt: after(5).toISOString(), schedule: { every: 300 } },
    ])
  })

  it('keeps the job of a source that another process makes while this one starts', async () => {
    const making = await test.service()
    const starting = await test.serviceThatReadsBefore(() => test.set(making, 'new', { every: 120 }))
    await starting.start()
    // Its time has come by the real clock, which Agenda goes by: it may be running, or planned anew, already.
    const kept = (await test.rows()).map((row) => (row.data as { sourceId: string }).sourceId)
    expect(new Set(kept)).toEqual(new Set(['new']))
  })

  it('removes the job of a source that another process removes while this one plans it', async () => {
    const removing = await test.service()
    const late = await test.serviceThatReadsBefore(() => test.remove(removing, 'a'))
    test.wanted.set('a', { every: 120 })
    await late.set('a', { every: 120 }, false)
    expect(await test.rows()).toEqual([])
  })

  it('leaves a job alone that another process holds', async () => {
    const reported = new Set<string>()
    const events = new EventEmitter()
    const schedule = await test.service(async (sourceId) => {
      test.now = FAR
      reported.add(sourceId)
      events.emit('reported')
    })
    await test.set(schedule, 'held', { every: 120 })
    await test.leaveBehind((await test.rows())[0]!, { lockedAt: new Date() })
    await test.set(schedule, 'free', { every: 120 })
    const reporting = once(events, 'reported')
    await schedule.start()
    await reporting
    await schedule.stop()
    expect([...reported]).toEqual(['free'])
    expect((await test.rows()).find((row) => row.data.sourceId === 'held')).toMatchObject({ lastModifiedBy: 'dead' })
  })

  it('lets one process plan and answer without running anything, and another run it', async () => {
    const asking = await test.service(() => Promise.reject(new Error('this process only answers')))
    await test.set(asking, 'a', { every: 120 })
    const { reports, onDue, all } = test.reporter([FAR])
    const working = await test.service(onDue)
    await working.start()
    await all
    await working.stop()
    expect(reports).toEqual([['a', after(2)]])
    expect((await asking.next('a'))!.getTime()).toBeGreaterThan(FAR.getTime())
  })

  it('plans a source whose process died between the change and the plan', async () => {
    const schedule = await test.service()
    test.wanted.set('a', { every: 120 })
    await schedule.compare()
    expect(await schedule.next('a')).toEqual(after(2))
  })

  it('loses nothing when two processes run side by side, and repeats nothing but the same time', async () => {
    const seen = new Set<string>()
    const events = new EventEmitter()
    const onDue: OnDue = async (sourceId, plannedAt) => {
      test.now = FAR
      if (seen.add(`${sourceId} ${plannedAt.toISOString()}`).size === 2) events.emit('both')
    }
    const both = once(events, 'both')
    const processes = [await test.service(onDue), await test.service(onDue)]
    await test.set(processes[0]!, 'a', { every: 120 })
    await test.set(processes[0]!, 'b', { every: 180 })
    for (const schedule of processes) await schedule.start()
    await both
    for (const schedule of processes) await schedule.stop()
    expect([...seen].toSorted()).toEqual([`a ${after(2).toISOString()}`, `b ${after(3).toISOString()}`])
    const next = (await test.rows()).filter((row) => row.nextRunAt! > FAR).map((row) => row.data.sourceId)
    expect(next.toSorted()).toEqual(['a', 'b'])
  })
})
