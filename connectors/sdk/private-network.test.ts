import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { networkFetcher } from './http-fetch.ts'
import { isPrivateAddress, type Resolve } from './private-network.ts'

describe('isPrivateAddress', () => {
  it.each([
    ...[
      '0.0.0.0',
      '10.1.2.3',
      '100.64.0.1',
      '100.127.255.255',
      '127.0.0.1',
      '127.9.9.9',
      '169.254.169.254',
      '172.16.0.1',
      '172.31.255.255',
      '192.168.1.1',
    ],
    ...['192.0.0.8', '192.0.2.1', '198.18.0.1', '198.51.100.1', '203.0.113.1', '224.0.0.1', '255.255.255.255'],
    ...[
      '::',
      '::1',
      '::127.0.0.1',
      '::ffff:127.0.0.1',
      '::ffff:8.8.8.8',
      '::ffff:0:7f00:1',
      '64:ff9b::7f00:1',
      '64:ff9b:1::1',
      'fc00::1',
      'fd00:ec2::254',
    ],
    ...['fe80::1', 'fe80::1%lo', 'fec0::1', 'ff02::1', '2002:7f00:1::', '2001::1', '2001:db8::1', '100::1', 'localhost', ''],
  ])('holds %s for private', (address) => expect(isPrivateAddress(address)).toBe(true))

  it.each([
    '8.8.8.8',
    '100.63.255.255',
    '100.128.0.1',
    '172.15.0.1',
    '172.32.0.1',
    '169.253.1.1',
    '192.167.1.1',
    '223.255.255.255',
    '2606:4700::1',
    '2a00::1',
  ])('holds %s for public', (address) => expect(isPrivateAddress(address)).toBe(false))
})

/** A port that counts who connects to it. */
async function listen() {
  let connections = 0
  const server = createServer((socket) => {
    connections++
    socket.resume()
    socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { port, connections: () => connections, close: () => new Promise((resolve) => server.close(resolve)) }
}

async function ask(address: string, options: { resolve?: Resolve; allowedHosts?: string[] } = {}): Promise<number> {
  const fetcher = networkFetcher({ allowedHosts: [], connectMs: 1000, headersMs: 1000, bodyIdleMs: 1000, ...options })
  try {
    const answer = await fetcher.fetch({
      method: 'GET',
      body: null,
      url: new URL(address),
      headers: {},
      signal: new AbortController().signal,
    })
    return answer.status
  } finally {
    await fetcher.close()
  }
}

const resolvesTo =
  (...addresses: string[]): Resolve =>
  (_name, _options, done) =>
    done(null, addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))) // prettier-ignore

describe('networkFetcher', () => {
  it.each(['127.0.0.1', '2130706433', '0x7f.1', '0177.0.0.1', '[::1]', '[::ffff:127.0.0.1]', 'localhost'])(
    'never connects to %s',
    async (host) => {
      const server = await listen()
      await expect(ask(`http://${host}:${server.port}/`)).rejects.toMatchObject({ code: 'ADDRESS_PRIVATE' })
      expect(server.connections()).toBe(0)
      await server.close()
    },
  )

  it.each([[['127.0.0.1']], [['8.8.8.8', '127.0.0.1']], [['2606:4700::1', '::1']], [[]]])(
    'refuses a name that resolves to %o',
    async (addresses) => {
      await expect(ask('http://shop.test/', { resolve: resolvesTo(...addresses) })).rejects.toMatchObject({ code: 'ADDRESS_PRIVATE' })
    },
  )

  it('lets exactly the allowed host and port through', async () => {
    const server = await listen()
    expect(await ask(`http://127.0.0.1:${server.port}/`, { allowedHosts: [`127.0.0.1:${server.port}`] })).toBe(200)
    await expect(ask(`http://127.0.0.1:${server.port}/`, { allowedHosts: ['127.0.0.1:1'] })).rejects.toMatchObject({
      code: 'ADDRESS_PRIVATE',
    })
    await expect(ask(`http://localhost:${server.port}/`, { allowedHosts: [`127.0.0.1:${server.port}`] })).rejects.toMatchObject({
      code: 'ADDRESS_PRIVATE',
    })
    await server.close()
  })
})
