import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../../src/app/config.ts'

const SERVICE = join(ROOT, 'server/dist/schedule/schedule.service.js')

/**
 * What a process does with the schedule, as plain JavaScript on the built server: the clock stands still in the past, so each planned time is
 * due at once, and each report is a line. Ends when it is told to, or before it has run anything when it only plans.
 */
const LIFE = `
const [service, url, role] = process.argv.slice(1)
const { openScheduleBackend, ScheduleService } = await import(service)
const wanted = async () => new Map(['a', 'b', 'c'].map((id) => [id, { every: 60 }]))
const clock = { now: () => new Date('2026-03-01T12:00:00.000Z') }
const onDue = async (id, at) => { process.stdout.write(id + ' ' + at.toISOString() + '\\n') }
const backend = await openScheduleBackend(url, null)
const schedule = new ScheduleService({ backend, wanted, clock, logger: { info() {}, warn() {} }, onDue, pollMs: 20 })
if (role === 'worker') {
  process.on('SIGTERM', () => schedule.stop().finally(() => process.exit()))
  await schedule.start()
} else {
  await schedule.compare()
  if ((await schedule.next('a')) === null) throw new Error('nothing was planned')
  await schedule.stop()
}
`

/** Runs the built schedule in a process of its own. A worker runs until SIGTERM; a planner plans three sources and ends. */
export function spawnSchedule(url: string, role: 'worker' | 'planner', env: Readonly<Record<string, string>> = {}): ChildProcess {
  if (!existsSync(SERVICE)) throw new Error('The server is not built. Run the tests with "npm test", which builds it.')
  return spawn(process.execPath, ['--input-type=module', '--eval', LIFE, SERVICE, url, role], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}
