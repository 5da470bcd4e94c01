import { ConfigError, type Context, type Http } from '@handover/sdk'
import { readJsonStat, type JsonStat } from './json-stat.ts'
import { readMetadata, type Metadata } from './metadata.ts'
import { cellsOf, choose, type Chosen } from './selection.ts'
import type { Settings } from './settings.ts'

/** What a source says about itself. */
interface Limits {
  readonly maxDataCells?: number
  readonly maxCallsPerTimeWindow?: number
  /** Seconds. */
  readonly timeWindow?: number
  /** Address of the terms. */
  readonly license?: string
}

/** A table at its source, and what of it is wanted. */
export interface OpenTable {
  readonly metadata: Metadata
  readonly chosen: readonly Chosen[]
  /** The most numbers that the source gives at once. */
  readonly mostCells: number
  /** What the source says about the use of its data; null when it does not. */
  readonly licence: string | null
  /** Asks for the numbers of a part of the choice. */
  numbers(part: readonly Chosen[]): Promise<{ readonly cube: JsonStat; readonly cells: number; readonly request: string }>
}

/** Asks the source for its limits and for what the table has. Throws a `ConfigError` beside the setting at fault. */
export async function openTable({ http, config }: Context<Settings>): Promise<OpenTable> {
  const limits = await http.at(config.address).get('/config', { allow: [404] })
  if (limits.status === 404) throw fault('address', 'There is no statistics database (PxWebApi 2) at this address.')
  const { maxDataCells = 0, license, ...pace } = (limits.body ?? {}) as Limits
  const paced = http.at(config.address, rateOf(pace))
  const query = { lang: config.language }
  const path = `/tables/${config.table}`
  const answer = await paced.get(`${path}/metadata`, { query, allow: [400, 404] })
  if (answer.status >= 400) throw fault('table', `There is no table "${config.table}". Look its id up at statistikdatabasen.scb.se.`)
  const metadata = readMetadata(readJsonStat(answer.body))
  return {
    metadata,
    chosen: choose(config.selection, metadata),
    mostCells: maxDataCells > 0 ? maxDataCells : 100_000,
    licence: license ?? null,
    numbers: async (part) => {
      const selection = part.map(({ dimension, codes }) => ({ variableCode: dimension.code, valueCodes: codes }))
      const options = { query: { ...query, outputFormat: 'json-stat2' }, post: { selection } }
      const cells = cellsOf(part)
      return {
        cube: readJsonStat(await paced.json(`${path}/data`, options)),
        cells,
        request: `POST ${config.address}${path}/data, ${cells} numbers`,
      }
    },
  }
}

/** The pace that the source asks for; some say 0, which stands for "see the headers". */
function rateOf({ maxCallsPerTimeWindow: calls = 0, timeWindow: seconds = 0 }: Limits): Parameters<Http['at']>[1] {
  return calls > 0 && seconds > 0 ? { rate: { calls, seconds } } : {}
}

function fault(name: keyof Settings, message: string): ConfigError {
  return new ConfigError(message, { fields: [{ name, message }] })
}
