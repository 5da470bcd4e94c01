import { EventEmitter, once } from 'node:events'
import { Writable } from 'node:stream'
import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { databaseAt, dropDatabase, MONGODB_SERVICE, NO_MONGODB_SERVICE } from '../../test/schedule/test-backends.ts'
import { startServer, type TestServer } from '../../test/schedule/test-server.ts'
import { MongoBackend } from './mongo-backend.ts'
import { ScheduleService, type OnDue, type Schedule } from './schedule.service.ts'

const PORT = 27117
const PATIENCE_MS = 300
/** Before and after the clock of Agenda, which is the machine's: due at once, and not for long. */
const PAST = new Date('2026-03-01T12:00:00.000Z')
const FAR = new Date('2126-03-01T12:00:00.000Z')
const after = (from: Date, seconds: number) => new Date(from.getTime() + seconds * 1000)

describe('when MongoDB is killed', () => {
  let server: TestServer | undefined
  let url: string
  let wanted: Map<string, Schedule>
  let now: Date
  let logged: { level: number; msg: string }[]
  let logs: EventEmitter
  let running: ScheduleService[]
  let backend: MongoBackend

  beforeAll(async () => {
    if (MONGODB_SERVICE !== undefined) server = await startServer(PORT)
  }, 30_000)

  afterAll(async () => {
    await server?.stop()
  })

  beforeEach((context) => {
    running = []
    if (server === undefined) return context.skip(NO_MONGODB_SERVICE)
    url = databaseAt(server.url)
    wanted = new Map()
    now = FAR
    logged = []
    logs = new EventEmitter()
  })

  afterEach(async () => {
    if (server === undefined) return
    await server.start()
    for (const service of running) await service.stop()
    await dropDatabase(url)
  })

  /** A schedule as a process of its own would have it. */
  async function service(onDue: OnDue = async () => {}): Promise<ScheduleService> {
    const stream = new Writable({
      write: (line, _, done) => {
        const entry = JSON.parse(String(line)) as (typeof logged)[number]
        logged.push(entry)
        logs.emit(entry.msg)
        done()
      },
    })
    backend = await MongoBackend.open(url, PATIENCE_MS)
    const made = new ScheduleService({
      ...{ clock: { now: () => now }, logger: pino({ level: 'info' }, stream), onDue, pollMs: 20 },
      backend,
      wanted: async () => new Map(wanted),
    })
    running.push(made)
    return made
  }

  const gone = () => once(logs, 'The schedule cannot be reached: no source is loaded on time until it is back')
  /** The driver asks the server every two seconds how it is. */
  const known = () => vi.waitFor(() => expect(backend.isReachable).toBe(false), { timeout: 5000 })
  const back = () => once(logs, 'The schedule can be reached again')

  it('says so once, answers without a next time, refuses changes, and makes up for them when it is back', { timeout: 60_000 }, async () => {
    const events = new EventEmitter()
    const schedule = await service(async (sourceId, plannedAt) => {
      now = FAR
      events.emit('reported', sourceId, plannedAt)
    })
    wanted.set('a', { every: 120 })
    await schedule.start()
    expect(await schedule.next('a')).toEqual(after(FAR, 120))

    const noticed = gone()
    await server!.kill()
    await noticed
    await known()
    const asked = performance.now()
    expect([await schedule.next('a'), await schedule.nextAll()]).toEqual([null, new Map()])
    expect(performance.now() - asked).toBeLessThan(PATIENCE_MS)
    wanted.set('a', { every: 300 })
    await expect(schedule.set('a', { every: 300 }, false)).rejects.toMatchObject({
      code: 'SCHEDULE_UNAVAILABLE',
      message: expect.stringContaining(`MongoDB at 127.0.0.1:${PORT}`),
    })
    await expect(schedule.compare()).rejects.toMatchObject({ code: 'SCHEDULE_UNAVAILABLE' })
    expect(logged.map(({ level }) => level)).toEqual([40])

    const returned = back()
    await server!.start()
    await returned
    await vi.waitFor(async () => expect(await schedule.next('a')).toEqual(after(FAR, 300)), { timeout: 5000 })
    now = PAST
    wanted.set('b', { every: 120 })
    const reported = once(events, 'reported')
    await schedule.set('b', { every: 120 }, false)
    expect(await reported).toEqual(['b', after(PAST, 120)])
    expect(logged.map(({ level }) => level)).toEqual([40, 30])
  })

  // FerretDB finds a job and changes it in two steps; killed between them it may have kept either half.
  const halves = { timeout: 60_000, retry: 2 }
  it('reports the same time again when it was killed while that was being reported, and plans on', halves, async () => {
    const reports: Date[] = []
    const schedule = await service(async (_, plannedAt) => {
      now = FAR
      reports.push(plannedAt)
      if (reports.length === 1) await server!.kill()
    })
    now = PAST
    wanted.set('a', { every: 120 })
    const noticed = gone()
    await schedule.start()
    await noticed
    const returned = back()
    await server!.start()
    await returned
    // At the latest when the lock of the job that was cut off runs out, after ten seconds.
    await vi.waitFor(() => expect(reports).toHaveLength(2), { timeout: 30_000, interval: 100 })
    expect(reports).toEqual([after(PAST, 120), after(PAST, 120)])
    await vi.waitFor(async () => expect((await schedule.next('a'))! > FAR).toBe(true), { timeout: 5000 })
  })

  it('stops without waiting for it', { timeout: 30_000 }, async () => {
    const schedule = await service()
    wanted.set('a', { every: 120 })
    await schedule.start()
    const noticed = gone()
    await server!.kill()
    await noticed
    await known()
    const began = performance.now()
    await schedule.stop()
    expect(performance.now() - began).toBeLessThan(1000)
  })
})
