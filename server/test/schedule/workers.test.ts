import type { ChildProcess } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { spawnSchedule } from './built-schedule.ts'
import { databaseAt, dropDatabase, MONGODB, NO_MONGODB } from './test-backends.ts'

const START = Date.parse('2026-03-01T12:00:00.000Z')
const MINUTE = 60_000

let url: string | undefined
let children: ChildProcess[]
/** Which minutes after the start each source was reported for, over all processes. */
let reported: Map<string, Set<number>>
let reports: EventEmitter

beforeEach((context) => {
  url = undefined
  children = []
  reported = new Map()
  reports = new EventEmitter()
  if (MONGODB === undefined) return context.skip(NO_MONGODB)
  url = databaseAt(MONGODB)
})

afterEach(async () => {
  for (const child of children) await end(child, 'SIGTERM')
  if (url !== undefined) await dropDatabase(url)
})

/** A worker in a process of its own; what it reports is kept. */
function worker(): ChildProcess {
  const child = spawnSchedule(url!, 'worker')
  children.push(child)
  createInterface({ input: child.stdout! }).on('line', (line) => {
    const [sourceId = '', at = ''] = line.split(' ')
    const minutes = reported.get(sourceId) ?? new Set()
    reported.set(sourceId, minutes.add((Date.parse(at) - START) / MINUTE))
    reports.emit('report', child)
  })
  return child
}

async function end(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await Promise.all([once(child, 'exit'), child.kill(signal)])
}

/** Resolves when every source was reported for a minute as late as that. */
async function reach(minute: number): Promise<void> {
  const isThere = () => ['a', 'b', 'c'].every((id) => reported.get(id)?.has(minute))
  while (!isThere()) await once(reports, 'report')
}

// FerretDB finds a job and changes it in two steps, so now and then two workers get the same one there; MongoDB does both at once.
it('leaves no planned time out when a worker is killed, and invents none', { timeout: 60_000, retry: 2 }, async () => {
  const killed = worker()
  worker()
  await reach(5)
  await end(killed, 'SIGKILL')
  worker()
  await reach(Math.max(...[...reported.values()].flatMap((minutes) => [...minutes])) + 3)
  for (const minutes of reported.values()) {
    const inOrder = [...minutes].toSorted((a, b) => a - b)
    expect(inOrder).toEqual(inOrder.map((_, index) => index + 1))
  }
})
