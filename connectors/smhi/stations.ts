import { ConfigError } from '@handover/sdk'
import type { Station } from './levels.ts'

const MOST_NAMED = 5

/** The stations that the setting names, by number or name. Throws a `ConfigError` beside the setting when one is not there. */
export function chooseStations(text: string, stations: readonly Station[]): readonly Station[] {
  const wishes = text
    .split(/[,;\n]/)
    .map((wish) => wish.trim())
    .filter((wish) => wish !== '')
  const chosen = new Set(wishes.flatMap((wish) => find(wish, stations)))
  if (chosen.size === 0) throw fault('Name at least one station, such as Göteborg A.')
  return [...chosen].sort((one, other) => one.id - other.id)
}

function find(wish: string, stations: readonly Station[]): readonly Station[] {
  if (wish === '*') return stations.filter(({ active }) => active)
  const named = stations.filter(({ id, name }) => String(id) === wish || small(name) === small(wish))
  // Names are given again when a station moves: the one that is there now is meant.
  const found = named.find(({ active }) => active) ?? named[0]
  if (found !== undefined) return [found]
  const alike = stations.filter(({ name }) => small(name).includes(small(wish).slice(0, 5)))
  throw fault(
    `No station "${wish}" measures this. ${alike.length === 0 ? 'The table of stations shows all that do.' : `There is: ${listed(alike)}.`}`,
  )
}

function listed(stations: readonly Station[]): string {
  const first = stations.toSorted((one, other) => Number(other.active) - Number(one.active)).slice(0, MOST_NAMED)
  const more = stations.length - first.length
  return `${first.map(({ id, name, active }) => `${name} (${id}${active ? '' : ', closed'})`).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

/** Whatever a source sends for a name. */
const small = (text: unknown): string => String(text ?? '').toLowerCase()

const fault = (message: string): ConfigError => new ConfigError(message, { fields: [{ name: 'stations', message }] })
