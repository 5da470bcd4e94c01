import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { Compose, docker } from './compose.ts'

const LAST = 4000
const soon = { timeout: 60_000, interval: 250 }
vi.setConfig({ testTimeout: 240_000 })

let compose: Compose
beforeAll(async () => {
  compose = await Compose.prepare('product')
  await compose.up()
}, 900_000)
afterAll(async () => {
  if (process.env['KEEP_CONTAINERS'] === undefined) await compose?.down()
}, 120_000)

interface Shown {
  readonly slug: string
  readonly lastSuccess: { readonly id: string } | null
}
const sources = async (): Promise<Shown[]> => (await compose.ask('{ sources { slug lastSuccess { id } } }')).sources
const status = async (path: string, accept = 'text/html') => (await fetch(compose.url + path, { headers: { accept } })).status

describe('docker compose up', () => {
  it('shows the first users by itself', async () => {
    await vi.waitUntil(async () => (await sources()).every(({ lastSuccess }) => lastSuccess), soon)
    const { users } = await compose.ask('{ users { users(first: 5) { totalCount nodes { name avatar } } } }')
    expect(users.users.totalCount).toBeGreaterThanOrEqual(10)
    for (const path of ['/', '/tracking/users', '/sources', '/loads', '/graphql']) expect([path, await status(path)]).toEqual([path, 200])
    expect(await status(users.users.nodes[0].avatar, 'image/*')).toBe(200)
  })

  it('answers all of the API at the one address', async () => {
    const csv = await (await fetch(`${compose.url}/export/users/users.csv`)).text()
    expect(csv.split('\n')[0]).toContain('name')
    const leave = new AbortController()
    const headers = { accept: 'text/event-stream', 'content-type': 'application/json' }
    const query = 'subscription { changed { __typename } }'
    const stream = await fetch(`${compose.url}/graphql/stream`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query }),
      signal: leave.signal,
    })
    expect([stream.status, stream.headers.get('content-type')]).toEqual([200, expect.stringContaining('text/event-stream')])
    leave.abort()
    expect([await status('/readyz'), await status('/metrics')]).toEqual([200, 404])
  })

  it('gives a doctor without faults', async () => {
    const said = JSON.parse(await compose.run('exec', '-T', 'server', 'handover', 'doctor', '--json'))
    expect(JSON.stringify(said)).not.toContain('"fault"')
  })

  it('stops every part of it within its time, and by itself', async () => {
    const began = Date.now()
    await compose.run('stop', 'client', 'worker', 'server')
    expect(Date.now() - began).toBeLessThan(12_000)
    for (const service of ['client', 'worker', 'server'])
      for (const id of await compose.containers(service)) expect(await docker('inspect', '--format', '{{.State.ExitCode}}', id)).toBe('0')
    await compose.up()
  })

  it('tells who looks that the server is down, and is there again when it runs', async () => {
    await compose.run('stop', 'server')
    const page = await fetch(compose.url, { headers: { accept: 'text/html' } })
    expect([page.status, await page.text()]).toEqual([503, expect.stringContaining('Handover does not answer')])
    expect([await status('/healthz'), await status('/readyz')]).toEqual([200, 503])
    await compose.up()
    expect(await status('/')).toBe(200)
  })
})

describe('what was acknowledged', () => {
  /** Asks for a load of a new counter, and resolves when some of its pages are in. */
  async function count(slug: string): Promise<void> {
    const config = `{ last: ${LAST}, page: 100, pauseMs: 200 }`
    await compose.ask(
      `mutation { createSource(input: { slug: "${slug}", title: "Counter", connector: "counter", config: ${config} }) { slug } }`,
    )
    await vi.waitUntil(async () => (await counted(slug)) >= 300, soon)
  }
  const field = (slug: string) => slug.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())
  const counted = async (slug: string): Promise<number> => {
    const answer = await compose.ask(`{ ${field(slug)} { appended { totalCount } } }`).catch(() => null)
    return answer?.[field(slug)]?.appended.totalCount ?? 0
  }
  /** What became of the numbers 1 to LAST when the load has ended, whatever was killed. */
  async function outcome(slug: string): Promise<Record<string, { rows: number; different: number; last: number }>> {
    const ended = async () =>
      (await compose.ask(`{ source(slug: "${slug}") { lastSuccess { id } } }`).catch(() => null))?.source.lastSuccess
    await vi.waitUntil(ended, { timeout: 180_000, interval: 500 })
    const outcomes = ['merged', 'appended'].map(async (dataset) => {
      const csv = await (await fetch(`${compose.url}/export/${slug}/${dataset}.csv?columns=number`)).text()
      const numbers = csv.trim().split(/\r?\n/).slice(1).map(Number)
      return [dataset, { rows: numbers.length, different: new Set(numbers).size, last: Math.max(...numbers) }] as const
    })
    return Object.fromEntries(await Promise.all(outcomes))
  }
  /** Every number once, in both tables. */
  const once = { rows: LAST, different: LAST, last: LAST }
  const whole = { merged: once, appended: once }

  it.each(['worker', 'server', 'mysql', 'mongo', 'client'])(
    'is there once when the %s is killed in the middle of a load',
    async (service) => {
      const slug = `killed-${service}`
      await count(slug)
      await compose.strike(service)
      expect(await outcome(slug)).toEqual(whole)
      await compose.up()
    },
  )

  it('is there once when all of it is killed at the same moment, as with the host', async () => {
    await count('killed-host')
    await compose.run('kill', '--signal', 'KILL')
    await compose.up()
    expect(await outcome('killed-host')).toEqual(whole)
  })

  it('is there once when all containers are taken down and made anew in the middle of a load', async () => {
    await count('made-anew')
    await compose.run('down')
    await compose.up()
    expect(await outcome('made-anew')).toEqual(whole)
    await count('made-anew-again')
    await compose.up('--force-recreate', 'worker', 'server')
    expect(await outcome('made-anew-again')).toEqual(whole)
  })

  it('of before is still there after all of that', async () => {
    const slugs = (await sources()).map(({ slug }) => slug)
    for (const slug of slugs.filter((name) => name.startsWith('killed'))) expect(await counted(slug)).toBe(LAST)
    expect(slugs).toEqual(expect.arrayContaining(['users', 'earthquakes']))
  })
})

describe('--scale worker=3', () => {
  it('shares the work: more than one of them loads, and nothing is loaded twice', async () => {
    await compose.up('--scale', 'worker=3')
    const slugs = Array.from({ length: 9 }, (_, index) => `shared-${index}`)
    for (const slug of slugs) {
      const config = '{ last: 300, page: 100, pauseMs: 400 }'
      await compose.ask(
        `mutation { createSource(input: { slug: "${slug}", title: "Counter", connector: "counter", config: ${config} }) { slug } }`,
      )
    }
    const holders = new Set<string>()
    const done = async () => {
      for (const holder of (await compose.sql('SELECT holder FROM handover_lease')).split('\n')) holders.add(holder)
      return (await sources()).every(({ slug, lastSuccess }) => !slugs.includes(slug) || lastSuccess)
    }
    await vi.waitUntil(done, soon)
    const { loads } = await compose.ask('{ loads(first: 50) { nodes { sourceSlug state records } } }')
    const shared = loads.nodes.filter(({ sourceSlug }: { sourceSlug: string }) => slugs.includes(sourceSlug))
    expect(shared.map(({ state, records }: { state: string; records: unknown }) => `${state} ${records}`)).toEqual(
      slugs.map(() => 'SUCCEEDED 300'),
    )
    expect([...holders].filter(Boolean).length).toBeGreaterThan(1)
  })
})
