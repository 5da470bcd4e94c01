import { once } from 'node:events'
import { get } from 'node:http'
import { connect } from 'node:net'
import { expect, it } from 'vitest'
import { startServer } from './server.ts'

const READY = { status: 'ready', parts: { process: 'runs', database: 'answers', schedule: 'answers' } }

const statusUnder = (host: string, url: string) =>
  new Promise((resolve) => void get(url, { headers: { host } }, (answer) => resolve(answer.resume().statusCode)))

const json = async (url: string): Promise<unknown> => (await fetch(url)).json()

it('is answered on a port of its own too, and under no other name', async () => {
  await using server = await startServer({ HANDOVER_HEALTH_PORT: '0' })
  const { healthUrl } = server.handover
  expect(healthUrl).not.toBe(server.url)
  expect(await json(`${healthUrl}/healthz`)).toEqual({ status: 'ok' })
  expect(await json(`${healthUrl}/readyz`)).toEqual(READY)
  expect(await json(`${server.url}/readyz`)).toEqual(READY)
  expect((await fetch(`${healthUrl}/graphql`)).status).toBe(404)
  expect(await statusUnder('evil.example', `${healthUrl}/readyz`)).toBe(421)
})

it('is answered to whoever asks by an address in numbers, and nothing else is', async () => {
  await using server = await startServer()
  for (const host of ['10.0.0.7:3000', '[fd00::7]:3000'])
    for (const [path, status] of [
      ['/readyz', 200],
      ['/metrics', 200],
      ['/graphql', 421],
      ['/metrics/', 421],
    ] as const)
      expect([host, path, await statusUnder(host, server.url + path)]).toEqual([host, path, status])
  expect(await statusUnder('evil.example', `${server.url}/metrics`)).toBe(421)
})

it('has no port of its own unless one is asked for', async () => {
  await using server = await startServer()
  expect(server.handover.healthUrl).toBeNull()
})

it('says no from the moment that the process is told to stop', async () => {
  await using server = await startServer({ HANDOVER_HEALTH_PORT: '0' })
  const { healthUrl } = server.handover
  // A request that is not whole keeps the server from ending at once.
  const socket = connect(Number(new URL(server.url).port), 'localhost')
  socket.write('POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n')
  await once(socket, 'data')
  const stopped = server.handover.stop()
  const response = await fetch(`${healthUrl}/readyz`)
  expect([response.status, await response.json()]).toMatchObject([503, { status: 'starting or stopping' }])
  socket.destroy()
  await stopped
  await expect(fetch(`${healthUrl}/readyz`)).rejects.toThrow('fetch failed')
})
