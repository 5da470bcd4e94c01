import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { StreamReader } from './stream-reader.ts'

/** Events that are made of course when nothing holds them back: 64 MB, far more than a connection keeps. */
const MANY = 1000
const EVENT = `event: next\ndata: ${'x'.repeat(64 * 1024)}\n\n`

/** A response whose reader takes nothing. */
async function stalled(): Promise<{ response: ServerResponse; hangUp: () => void }> {
  const server = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1').pause()
  socket.write('GET / HTTP/1.1\r\nhost: localhost\r\n\r\n')
  const [, response] = (await once(server, 'request')) as [unknown, ServerResponse]
  return { response, hangUp: () => socket.destroy() }
}

it('makes no events for a reader that takes none, and lets go when that one hangs up', async () => {
  const { response, hangUp } = await stalled()
  const reader = new StreamReader(response)
  const made: string[] = []
  let count = 0
  const stream = { open: true }
  let wake = (): void => undefined
  async function* events(): AsyncGenerator<string> {
    while (stream.open) {
      while (made.length > 0) yield made.shift()!
      await new Promise<void>((resolve) => (wake = resolve))
    }
  }
  const flow = events()
  flow.return = async () => {
    stream.open = false
    wake()
    return { done: true, value: undefined }
  }
  const producing = (async () => {
    while (stream.open && count < MANY) {
      await reader.ready()
      count++
      made.push(EVENT)
      wake()
    }
  })()
  const reading = reader.read(flow)
  while (!response.writableNeedDrain) await turn()
  const before = count
  for (let round = 0; round < 100; round++) await turn()
  expect(count).toBeLessThanOrEqual(before + 1)
  expect(count).toBeLessThan(MANY)
  hangUp()
  await Promise.all([reading, producing])
})
