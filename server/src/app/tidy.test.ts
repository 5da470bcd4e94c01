import { pino } from 'pino'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { giving, listed, records } from '../../test/loads/listed.ts'
import { TestLoads } from '../../test/loads/test-loads.ts'
import { keepTidy } from './tidy.ts'

const [MINUTE, DAY] = [60_000, 86_400_000]
const kept = { loads: null, logs: DAY, lake: null }

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

const lines = async (test: TestLoads) => Number((await test.db.read.query('SELECT COUNT(*) AS n FROM handover_load_log'))[0].n)

it('removes what is old once an hour, not in the first minutes, and not after it was stopped', async () => {
  await using test = await TestLoads.open({ connectors: [listed({ items: giving({ records: records(1, 3) }) })] })
  const { source } = await test.firstLoad('listed')
  const said: string[] = []
  const tidier = keepTidy(test.db, test.loads, kept, pino({ level: 'info' }, { write: (line: string) => void said.push(line) }))
  test.pass(2 * DAY)
  await vi.advanceTimersByTimeAsync(9 * MINUTE)
  expect(await lines(test)).toBeGreaterThan(0)
  await vi.advanceTimersByTimeAsync(MINUTE)
  await vi.waitUntil(async () => (await lines(test)) === 0)
  expect(said.join()).toContain('Removed what is older than is kept')

  await test.load(source)
  test.pass(2 * DAY)
  await vi.advanceTimersByTimeAsync(59 * MINUTE)
  expect(await lines(test)).toBeGreaterThan(0)
  await vi.advanceTimersByTimeAsync(MINUTE)
  await vi.waitUntil(async () => (await lines(test)) === 0)

  await test.load(source)
  test.pass(2 * DAY)
  await tidier.stop()
  await vi.advanceTimersByTimeAsync(600 * MINUTE)
  expect(await lines(test)).toBeGreaterThan(0)
})
