import { describe, expect, it, vi } from 'vitest'
import { LatestQueue } from './latest-queue.ts'

const latest = (value: number) => () => value

describe('a queue of the latest', () => {
  it('gives a value that comes while somebody waits', async () => {
    const queue = new LatestQueue<number>(() => undefined)
    const next = queue.next()
    queue.put('a', latest(1))
    expect(await next).toEqual({ value: 1, done: false })
  })

  it('keeps one value per key while the reader is busy, merged with the one that waits', async () => {
    const queue = new LatestQueue<number>(() => undefined)
    for (const value of [1, 2, 3]) queue.put('sum', (waiting) => (waiting ?? 0) + value)
    queue.put('other', latest(9))
    expect([(await queue.next()).value, (await queue.next()).value]).toEqual([6, 9])
  })

  it('ends a reader that waits, and says so once', async () => {
    const ended = vi.fn<() => void>()
    const queue = new LatestQueue<number>(ended)
    const next = queue.next()
    await queue.return()
    queue.end()
    queue.put('late', latest(1))
    expect(await next).toEqual({ value: undefined, done: true })
    expect((await queue.next()).done).toBe(true)
    expect(ended).toHaveBeenCalledTimes(1)
  })

  it('forgets a reader that leaves its loop', async () => {
    const ended = vi.fn<() => void>()
    const queue = new LatestQueue<number>(ended)
    queue.put('a', latest(1))
    for await (const value of queue) if (value === 1) break
    expect(ended).toHaveBeenCalledTimes(1)
  })
})
