/**
 * Made `earthquakes/2018-02-07.csv` from `data/earthquakes.json` of the npm package vega-datasets 3.2.1:
 * `node make-earthquakes.ts <earthquakes.json> <file.csv>`. Kept so that anybody can check where the sample comes from.
 */
import { readFileSync, writeFileSync } from 'node:fs'

interface Feature {
  readonly id: string
  readonly properties: Readonly<Record<string, string | number | null>>
  readonly geometry: { readonly coordinates: readonly [longitude: number, latitude: number, depth: number] }
}

/** The survey writes some regions out and some in short. */
const WRITTEN_OUT: Readonly<Record<string, string>> = { CA: 'California', NV: 'Nevada', MX: 'Mexico' }

const time = (value: string | number | null | undefined): string => new Date(value as number).toISOString()

function region(place: string): string {
  const last = place.slice(place.lastIndexOf(',') + 1).trim()
  return WRITTEN_OUT[last] ?? last
}

/** Columns named as in the survey's own CSV files, and `felt`, `sig` and `region`; what people ask for first comes first. */
function row({ id, properties, geometry }: Feature): Record<string, string | number | null | undefined> {
  const [longitude, latitude, depth] = geometry.coordinates
  const { mag, magType, nst, gap, dmin, net, place, type, status, felt, sig } = properties
  const told = { time: time(properties['time']), place, region: region(String(place)), mag, depth, latitude, longitude, type, status }
  return { ...told, magType, nst, gap, dmin, net, felt, sig, updated: time(properties['updated']), id }
}

const cell = (value: string | number | null | undefined): string => {
  const text = String(value ?? '')
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

const [source, target] = process.argv.slice(2)
const { features } = JSON.parse(readFileSync(source!, 'utf8')) as { features: readonly Feature[] }
const rows = features.map(row).sort((one, other) => (String(one['time']) < String(other['time']) ? -1 : 1))
const lines = [Object.keys(rows[0]!).join(','), ...rows.map((values) => Object.values(values).map(cell).join(','))]
writeFileSync(target!, `${lines.join('\n')}\n`)
