import type { JobParameters } from 'agenda'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BACKENDS, claimsTwice, MONGODB, type TestStore } from '../../test/schedule/test-backends.ts'
import type { AgendaRepository } from './agenda-repository.ts'
import type { MongoJobs } from './mongo-jobs.ts'
import type { ScheduleBackend } from './schedule-backend.ts'

const NOON = new Date('2026-03-01T12:00:00.000Z')
const MINUTE = 60_000
const later = (ms: number) => new Date(NOON.getTime() + ms)
const ours = { lastModifiedBy: 'one' }
const job = (change: Partial<JobParameters> = {}): JobParameters => ({
  name: 'load',
  priority: 0,
  type: 'normal',
  nextRunAt: NOON,
  data: { sourceId: 'a' },
  ...change,
})

/** In the place of a test that says nothing about what it would run on. */
const noTest = (_name: string, _test: () => Promise<void>): void => undefined
const twoMayClaim = MONGODB !== undefined && (await claimsTwice(MONGODB))

describe.each(BACKENDS)('on $name', ({ name: backendName, missing, make }) => {
  let store: TestStore | undefined
  let opened: ScheduleBackend[]
  let jobs: AgendaRepository | MongoJobs
  /** The same jobs as another process sees them. */
  let other: AgendaRepository | MongoJobs

  const open = async () => {
    const backend = await store!.open()
    opened.push(backend)
    return backend.repository
  }

  beforeEach(async (context) => {
    opened = []
    store = undefined
    if (missing !== null) context.skip(missing)
    store = await make()
    jobs = await open()
    other = await open()
  })

  afterEach(async () => {
    for (const backend of opened) await backend.disconnect()
    await store?.end()
  })

  /** Promises of our own repository only: Agenda's for MongoDB does it otherwise, and the schedule does not use it. */
  const ownOnly = backendName === 'MongoDB' ? noTest : it
  /** Promised where a job is found and changed in one step. A server that only speaks MongoDB's protocol may do it in two. */
  const whereAtomic = backendName === 'MongoDB' && twoMayClaim ? noTest : it

  /** Asks for the next job as a process would whose locks last one minute. */
  const take = (repository: AgendaRepository | MongoJobs, now: Date, owner = 'one') =>
    repository.getNextJobToRun('load', now, new Date(now.getTime() - MINUTE), now, { lastModifiedBy: owner })

  describe('saving', () => {
    it('gives back every field as it was saved', async () => {
      const full = job({
        priority: 10,
        disabled: true,
        repeatInterval: 90_000,
        repeatTimezone: 'Europe/Stockholm',
        data: { sourceId: 'a', deep: { x: [1, 'å'] } },
        startDate: NOON,
        endDate: later(123),
        skipDays: [0, 6],
        fork: true,
      })
      const saved = await jobs.saveJob(full, ours)
      expect(await jobs.getJobById(saved._id!)).toEqual({ ...full, _id: saved._id, lastModifiedBy: 'one' })
    })

    it('updates the job of an id, and leaves a job that is gone as it is', async () => {
      const saved = await jobs.saveJob(job(), ours)
      await jobs.saveJob({ ...saved, priority: 7, failReason: 'no network' }, ours)
      expect(await jobs.getJobById(saved._id!)).toMatchObject({ priority: 7, failReason: 'no network' })
      const gone = await jobs.saveJob(job(), ours)
      await jobs.removeJobs({ ids: [gone._id!] })
      expect(await jobs.saveJob(gone, ours)).toBe(gone)
      expect((await jobs.queryJobs()).total).toBe(1)
    })

    ownOnly('keeps one job of a name when two processes save a single one at once', async () => {
      const single = job({ type: 'single', repeatInterval: 60_000, nextRunAt: later(10 * 365 * 24 * 60 * MINUTE) })
      const saved = await Promise.all([jobs.saveJob(single, ours), other.saveJob(single, ours), jobs.saveJob(single, ours)])
      expect(new Set(saved.map(({ _id }) => _id)).size).toBe(1)
      expect((await jobs.queryJobs()).total).toBe(1)
    })

    it('does not move a single job that waits when it is saved as due at once', async () => {
      const far = later(10 * 365 * 24 * 60 * MINUTE)
      await jobs.saveJob(job({ type: 'single', nextRunAt: far }), ours)
      expect((await jobs.saveJob(job({ type: 'single', nextRunAt: NOON }), ours)).nextRunAt).toEqual(far)
    })

    it('updates the job that a unique one matches, and leaves it alone when only a first one is wanted', async () => {
      const unique = { 'data.sourceId': 'a' }
      const first = await jobs.saveJob(job({ unique }), ours)
      await jobs.saveJob(job({ data: { sourceId: 'b' }, unique: { 'data.sourceId': 'b' } }), ours)
      const again = await jobs.saveJob(job({ unique, nextRunAt: later(5) }), ours)
      expect([again._id, again.nextRunAt]).toEqual([first._id, later(5)])
      const kept = await jobs.saveJob(job({ unique, uniqueOpts: { insertOnly: true }, nextRunAt: later(9) }), ours)
      expect([kept._id, kept.nextRunAt]).toEqual([first._id, later(5)])
      expect((await jobs.queryJobs()).total).toBe(2)
    })

    it('puts a debounced job off each time, and runs a leading one at once', async () => {
      const debounced = (strategy: 'leading' | 'trailing') =>
        job({ name: strategy, unique: { 'data.sourceId': 'a' }, uniqueOpts: { debounce: { delay: MINUTE, strategy } } })
      const before = Date.now()
      expect((await jobs.saveJob(debounced('leading'), ours)).nextRunAt).toEqual(NOON)
      const trailing = await jobs.saveJob(debounced('trailing'), ours)
      expect(trailing.nextRunAt!.getTime()).toBeGreaterThanOrEqual(before + MINUTE)
      const again = await jobs.saveJob(debounced('trailing'), ours)
      expect([again._id, again.debounceStartedAt]).toEqual([trailing._id, trailing.debounceStartedAt])
    })
  })

  describe('claiming', () => {
    whereAtomic('gives each job to one of several processes that ask at the same time', async () => {
      for (let index = 0; index < 20; index++) await jobs.saveJob(job({ data: { index } }), ours)
      const taken = await Promise.all(
        Array.from({ length: 30 }, (_, index) => take(index % 2 ? jobs : other, NOON, index % 2 ? 'one' : 'two')),
      )
      const ids = taken.flatMap((each) => each?._id ?? [])
      expect(new Set(ids).size).toBe(ids.length)
      let rest = 0
      while (await take(jobs, NOON)) rest++
      expect(ids.length + rest).toBe(20)
    })

    it('takes what is due longest first, then what matters most, and nothing that is not due or is disabled', async () => {
      const ids = new Map<string | undefined, string>()
      const save = async (name: string, change: Partial<JobParameters>) => ids.set((await jobs.saveJob(job(change), ours))._id, name)
      await save('low', { priority: -5 })
      await save('high', { priority: 5 })
      await save('old', { nextRunAt: later(-MINUTE) })
      await save('future', { nextRunAt: later(1) })
      await save('off', { disabled: true })
      const order: (string | undefined)[] = []
      for (let next = await take(jobs, NOON); next; next = await take(jobs, NOON)) order.push(ids.get(next._id))
      expect(order).toEqual(['old', 'high', 'low'])
    })

    it('gives the job of a process that died to another one, once its lock has run out', async () => {
      const { _id } = await jobs.saveJob(job(), ours)
      const held = await take(jobs, NOON)
      // As Agenda does when it begins: the time is taken away while the job runs.
      await jobs.saveJobState({ ...held!, nextRunAt: null, lastRunAt: NOON }, ours)
      expect(await take(other, later(MINUTE - 1), 'two')).toBeUndefined()
      expect(await take(other, later(MINUTE), 'two')).toMatchObject({ _id, lastModifiedBy: 'two', lockedAt: later(MINUTE) })
      expect(await take(jobs, later(MINUTE))).toBeUndefined()
    })

    it('makes every job of one owner due again, also one whose time was taken away, and leaves those of others', async () => {
      await jobs.saveJob(job({ data: { index: 1 } }), ours)
      await jobs.saveJob(job({ data: { index: 2 } }), ours)
      const mine = await take(jobs, NOON, 'one')
      await jobs.saveJobState({ ...mine!, nextRunAt: null, lastRunAt: NOON }, ours)
      const foreign = await take(jobs, NOON, 'two')
      await jobs.release('one')
      expect(await jobs.getJobById(mine!._id!)).toMatchObject({ nextRunAt: NOON })
      expect((await jobs.getJobById(mine!._id!))!.lockedAt).toBeUndefined()
      expect((await jobs.getJobById(foreign!._id!))!.lockedAt).toEqual(NOON)
    })

    whereAtomic('locks one certain job once', async () => {
      const saved = await jobs.saveJob(job(), ours)
      const locked = await Promise.all([jobs.lockJob(saved, ours), other.lockJob(saved, ours)])
      expect(locked.filter((each) => each !== undefined)).toHaveLength(1)
    })

    it('unlocks jobs by id, and one that waits', async () => {
      const saved = await jobs.saveJob(job(), ours)
      await take(jobs, NOON)
      await jobs.unlockJob(saved)
      expect(await take(jobs, NOON)).toBeDefined()
      await jobs.unlockJobs([saved._id!])
      expect(await take(jobs, NOON)).toBeDefined()
    })
  })

  describe('the state of a job', () => {
    ownOnly('keeps any object as the reason of a failure, as text', async () => {
      const saved = await jobs.saveJob(job(), ours)
      // A forked child may report what it likes, whatever the type says.
      await jobs.saveJobState({ ...saved, failReason: { code: 7 } as unknown as string, failCount: 2, failedAt: NOON }, ours)
      expect(await jobs.getJobById(saved._id!)).toMatchObject({ failReason: '{"code":7}', failCount: 2, failedAt: NOON })
    })

    it('refuses to be saved for a job that is gone', async () => {
      const gone = await jobs.saveJob(job(), ours)
      await jobs.removeJobs({ ids: [gone._id!] })
      await expect(jobs.saveJobState(gone, ours)).rejects.toThrow('cannot be updated')
      await expect(jobs.saveJobState(job(), ours)).rejects.toThrow('without job ID')
    })
  })

  describe('looking and removing', () => {
    beforeEach(async () => {
      await jobs.saveJob(job({ data: { sourceId: 'a' } }), ours)
      await jobs.saveJob(job({ data: { sourceId: 'b' }, nextRunAt: later(1) }), ours)
      await jobs.saveJob(job({ name: 'other', data: { sourceId: 'a' }, disabled: true, nextRunAt: later(2) }), ours)
    })

    it('finds by name, data, search, state and page, newest plan first', async () => {
      const names = async (options: Parameters<AgendaRepository['queryJobs']>[0]) => {
        const { jobs: found, total } = await jobs.queryJobs(options)
        return [found.map((each) => `${each.name} ${(each.data as { sourceId: string }).sourceId}`), total]
      }
      expect(await names({})).toEqual([['other a', 'load b', 'load a'], 3])
      expect(await names({ data: { sourceId: 'a' }, name: 'load' })).toEqual([['load a'], 1])
      expect(await names({ search: 'OTH' })).toEqual([['other a'], 1])
      expect(await names({ state: 'paused' })).toEqual([['other a'], 1])
      expect(await names({ includeDisabled: false, sort: { nextRunAt: 'asc' } })).toEqual([['load a', 'load b'], 2])
      expect(await names({ skip: 1, limit: 1 })).toEqual([['load b'], 3])
      expect(await names({ sort: { 'name; DROP TABLE x': 'asc' } as never })).toMatchObject([expect.any(Array), 3])
    })

    it('counts', async () => {
      expect((await jobs.getDistinctJobNames()).toSorted()).toEqual(['load', 'other'])
      expect(await jobs.getQueueSize()).toBe(3)
      expect(await jobs.getJobsOverview()).toMatchObject([
        { name: 'load', total: 2, queued: 2 },
        { name: 'other', total: 1 },
      ])
    })

    it('removes what matches, and nothing when nothing was asked for', async () => {
      expect(await jobs.removeJobs({})).toBe(0)
      expect(await jobs.removeJobs({ ids: [] })).toBe(0)
      expect(await jobs.removeJobs({ name: 'load', data: { sourceId: 'a' } })).toBe(1)
      expect(await jobs.removeJobs({ notNames: ['load'] })).toBe(1)
      expect(await jobs.purgeAllJobs()).toBe(1)
    })

    it('disables and enables', async () => {
      expect(await jobs.disableJobs({ name: 'load' })).toBe(2)
      expect(await take(jobs, later(MINUTE))).toBeUndefined()
      expect(await jobs.enableJobs({ name: 'load', data: { sourceId: 'b' } })).toBe(1)
      expect(await take(jobs, later(MINUTE))).toMatchObject({ data: { sourceId: 'b' } })
    })
  })
})
