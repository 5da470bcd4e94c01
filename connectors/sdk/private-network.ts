import { BlockList, isIP } from 'node:net'
import { lookup, type LookupAddress, type LookupOptions } from 'node:dns'
import { buildConnector } from 'undici'
import { ConfigError } from './errors.ts'

const IPV4: readonly [string, number][] = [
  ['0.0.0.0', 8], // this host
  ['10.0.0.0', 8], // private
  ['100.64.0.0', 10], // carrier-grade NAT
  ['127.0.0.0', 8], // loopback
  ['169.254.0.0', 16], // link-local, cloud metadata
  ['172.16.0.0', 12], // private
  ['192.0.0.0', 24], // protocol assignments
  ['192.0.2.0', 24], // documentation
  ['192.88.99.0', 24], // 6to4 relay
  ['192.168.0.0', 16], // private
  ['198.18.0.0', 15], // benchmarks
  ['198.51.100.0', 24], // documentation
  ['203.0.113.0', 24], // documentation
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4], // reserved, broadcast
]

const IPV6: readonly [string, number][] = [
  ['::', 96], // unspecified, loopback, IPv4-compatible
  ['::ffff:0:0', 96], // IPv4-mapped
  ['::ffff:0:0:0', 96], // IPv4-translated
  ['64:ff9b::', 96], // NAT64
  ['64:ff9b:1::', 48], // local NAT64
  ['100::', 64], // discard
  ['2001::', 23], // protocol assignments, Teredo
  ['2001:db8::', 32], // documentation
  ['2002::', 16], // 6to4
  ['3fff::', 20], // documentation
  ['5f00::', 16], // segment routing
  ['fc00::', 7], // unique local, cloud metadata
  ['fe80::', 10], // link-local
  ['fec0::', 10], // site-local
  ['ff00::', 8], // multicast
]

// Two lists, because one list would let the IPv4-mapped range match every IPv4 address.
const ipv4 = blockList(IPV4, 'ipv4')
const ipv6 = blockList(IPV6, 'ipv6')

function blockList(ranges: readonly [string, number][], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList()
  for (const [network, prefix] of ranges) list.addSubnet(network, prefix, family)
  return list
}

/** True for an IP address that is not on the public internet, and for anything that is no IP address. */
export function isPrivateAddress(address: string): boolean {
  const family = isIP(address)
  if (family === 4) return ipv4.check(address, 'ipv4')
  if (family === 6) return ipv6.check(address, 'ipv6')
  return true
}

/** How names are turned into addresses; tests inject their own. */
export type Resolve = (hostname: string, options: LookupOptions, done: (error: Error | null, addresses: LookupAddress[]) => void) => void

const systemResolve: Resolve = (hostname, options, done) => lookup(hostname, { ...options, all: true }, done)

/**
 * A connector for undici that refuses private networks. It looks at the very addresses it connects to, so a name that resolves differently
 * the second time (rebinding) and a redirect cannot get around it. `allowed` holds exact `host:port` pairs that an operator let through.
 */
export function guardedConnect(allowed: ReadonlySet<string>, timeout: number, resolve: Resolve = systemResolve): buildConnector.connector {
  const open = buildConnector({ timeout, allowH2: false })
  const guarded = buildConnector({ timeout, allowH2: false, lookup: publicLookup(resolve) })
  return (options, done) => {
    const host = options.hostname.replace(/^\[(.*)\]$/, '$1')
    const port = options.port === '' || options.port === undefined ? (options.protocol === 'https:' ? '443' : '80') : options.port
    if (allowed.has(`${host}:${port}`.toLowerCase())) open(options, done)
    else if (isIP(host) !== 0 && isPrivateAddress(host)) done(refusal(host, port), null)
    else
      guarded(options, (...[error, socket]) => {
        if (error instanceof PrivateAddress) done(refusal(host, port), null)
        else if (error !== null) done(error, null)
        else done(null, socket!)
      })
  }
}

type LookupDone = (error: Error | null, address: string | LookupAddress[], family?: number) => void

function publicLookup(resolve: Resolve) {
  return (hostname: string, options: LookupOptions, done: LookupDone): void => {
    resolve(hostname, options, (error, addresses) => {
      if (error !== null) return done(error, [])
      const first = addresses[0]
      if (first === undefined || addresses.some(({ address }) => isPrivateAddress(address))) return done(new PrivateAddress(), [])
      if (options.all === true) done(null, addresses)
      else done(null, first.address, first.family)
    })
  }
}

/** Says so to the one who asked to connect, who knows the port too. */
class PrivateAddress extends Error {}

function refusal(host: string, port: string): ConfigError {
  const address = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`
  return new ConfigError(
    `The address ${address} lies in a private network, where Handover does not look by itself. Whoever runs Handover can allow it: start Handover with HANDOVER_PRIVATE_HOSTS=${host}:${port}.`,
    { code: 'ADDRESS_PRIVATE' },
  )
}
