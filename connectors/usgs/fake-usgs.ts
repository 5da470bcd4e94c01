import type { Fetcher } from '@handover/sdk'

/** The most that one question may bring at the real source. */
const MOST = 20_000

/** As much of an event as the tests of paging need. */
export interface Quake {
  readonly id: string
  readonly time: number
  readonly updated: number
  readonly mag: number
}

/** A source for tests that answers `/count` and `/query` from a list, by the documented meaning of their parameters. */
export interface Catalogue extends Fetcher {
  readonly asked: readonly URL[]
  /** The largest number of events that a question to `/query` met. */
  readonly most: number
  /** Its own clock, in milliseconds. */
  now: number
}

/** Made for tests, after https://earthquake.usgs.gov/fdsnws/event/1/. */
export function catalogue(quakes: readonly Quake[]): Catalogue {
  const asked: URL[] = []
  const source = {
    asked,
    most: 0,
    now: Date.parse('2026-01-31T12:00:00Z'),
    close: async () => {},
    async fetch({ url }: { readonly url: URL }) {
      asked.push(url)
      const found = quakes.filter(matches(url.searchParams)).toSorted((one, other) => one.time - other.time)
      if (url.pathname.endsWith('/count')) return answer({ count: found.length, maxAllowed: MOST })
      source.most = Math.max(source.most, found.length)
      const start = Number(url.searchParams.get('offset')) - 1
      const page = found.slice(start, start + Number(url.searchParams.get('limit')))
      return answer({ metadata: { generated: source.now }, features: page.map(featureOf) })
    },
  }
  return source
}

function matches(query: URLSearchParams): (quake: Quake) => boolean {
  const moment = (name: string, otherwise: number): number => {
    const text = query.get(name)
    return text === null ? otherwise : Date.parse(`${text}Z`)
  }
  const [start, end, changed] = [moment('starttime', 0), moment('endtime', Infinity), moment('updatedafter', -Infinity)]
  const weakest = Number(query.get('minmagnitude'))
  return ({ time, updated, mag }) => time >= start && time <= end && updated > changed && mag >= weakest
}

const featureOf = ({ id, time, updated, mag }: Quake) => ({
  type: 'Feature',
  id,
  geometry: { type: 'Point', coordinates: [0, 0, 10] },
  properties: { mag, time, updated, place: 'nowhere', status: 'reviewed', type: 'earthquake', tsunami: 0, ids: `,${id},` },
})

function answer(body: unknown) {
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: (async function* () {
      yield Buffer.from(JSON.stringify(body))
    })(),
  }
}
