import { expect, it } from 'vitest'
import { Allowance } from './http-pace.ts'

it('a source that has no more to give makes all wait that ask side by side, not only the first', async () => {
  const waits: number[] = []
  const sleep = async (ms: number): Promise<void> => void waits.push(ms)
  const allowance = new Allowance({ clock: { now: () => new Date(0) }, sleep, signal: new AbortController().signal }, 120_000)
  const url = new URL('https://shop.test/')
  const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '30' }
  allowance.note(url, { status: 200, headers, body: (async function* () {})() })
  await Promise.all([allowance.turn(url), allowance.turn(url), allowance.turn(url)])
  expect(waits).toEqual([30_000, 30_000, 30_000])
  await allowance.turn(url)
  expect(waits).toHaveLength(3)
})
