import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { Live } from './live.ts'

/** A connection that a test opens, breaks and speaks through. */
class FakeSource extends EventTarget {
  closed = false
  readonly address: string
  constructor(address: string) {
    super()
    this.address = address
  }
  close() {
    this.closed = true
  }
  say(type: string, data?: string) {
    this.dispatchEvent(data === undefined ? new Event(type) : Object.assign(new Event(type), { data }))
  }
}

let sources: FakeSource[]
const listener = { opened: vi.fn<() => void>(), lost: vi.fn<() => void>() }
const last = () => sources.at(-1)!

beforeEach(() => {
  vi.useFakeTimers()
  vi.clearAllMocks()
  sources = []
})
afterEach(() => vi.useRealTimers())

function start(heard = vi.fn<(data: never) => void>()) {
  const live = new Live(listener, (address) => {
    sources.push(new FakeSource(address))
    return last() as never
  })
  live.listen({ document: 'subscription { changed { sources } }', variables: { id: 'a b' }, heard })
  return { live, heard }
}

it('asks the same origin, and hands on what it hears', () => {
  const { heard } = start()
  last().say('open')
  last().say('next', '{"data":{"changed":{"sources":true}}}')
  last().say('next', '{"errors":[{"message":"no"}],"data":null}')
  expect(last().address).toMatch(/^\/graphql\/stream\?query=subscription.*&variables=%7B%22id%22%3A%22a\+b%22%7D$/)
  expect(listener.opened).toHaveBeenCalledTimes(1)
  expect(heard.mock.calls).toEqual([[{ changed: { sources: true } }]])
})

it.each(['error', 'complete'])('comes back by itself after "%s", with longer and longer pauses', (end) => {
  start()
  for (const [count, pause] of [1000, 2000, 4000].entries()) {
    last().say(end)
    expect([last().closed, listener.lost.mock.calls.length]).toEqual([true, count + 1])
    vi.advanceTimersByTime(pause - 1)
    expect(sources).toHaveLength(count + 1)
    vi.advanceTimersByTime(1)
    expect(sources).toHaveLength(count + 2)
  }
  last().say('open')
  last().say(end)
  vi.advanceTimersByTime(1000)
  expect(sources).toHaveLength(5)
})

it('listens to one thing at a time, and to nothing once it is closed', () => {
  const { live, heard } = start()
  const first = last()
  live.listen({ document: 'subscription { loadChanged { id } }', heard })
  first.say('next', '{"data":{}}')
  first.say('error')
  expect([first.closed, heard.mock.calls.length, listener.lost.mock.calls.length]).toEqual([true, 0, 0])
  live.close()
  vi.advanceTimersByTime(100_000)
  expect([last().closed, sources.length]).toEqual([true, 2])
})
