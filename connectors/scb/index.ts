import {
  ConfigError,
  defineConnector,
  type Context,
  type Discovery,
  type ExtractContext,
  type Json,
  type Provider,
  type Page,
} from '@handover/sdk'
import { columnsOf, nameColumns, readNames, titleOf, toRow } from './columns.ts'
import { rowsOf, type CubeRecord } from './cube.ts'
import { freeName } from './names.ts'
import { partsOf } from './selection.ts'
import { SCB, settings, type Settings } from './settings.ts'
import { openTable } from './table.ts'

const PAGE_SIZE = 5_000

async function discover(context: Context<Settings>, previous: Discovery | null): Promise<Discovery> {
  const { metadata, chosen, licence } = await openTable(context)
  const name = freeName(`${context.config.table}`, new Set())
  const before = previous?.datasets.find((dataset) => dataset.name === name)
  const names = nameColumns(metadata, chosen, before === undefined ? null : readNames(before.hint))
  const key = Object.values(names.dimensions).map(({ code }) => code)
  if (before !== undefined && before.key.join() !== key.join()) throw otherSplit(before.key, key)
  const provider = providerOf(context.config.address, metadata.source, licence)
  return {
    ...(provider !== null && { provider }),
    streams: [{ name, about: 'One record per row of the table: where it stands, and each number there.' }],
    datasets: [
      {
        name,
        title: titleOf(metadata, chosen),
        about: `${metadata.label}. Numbers of ${metadata.source ?? 'the statistics agency'}.`,
        from: name,
        key,
        load: 'merge',
        columns: columnsOf(metadata, chosen, names),
        hint: names as unknown as Json,
      },
    ],
  }
}

/** Another agency than Statistics Sweden, by its own name and on its own terms; null for Statistics Sweden. */
function providerOf(address: string, source: string | null, licence: string | null): Provider | null {
  if (address === SCB) return null
  const terms =
    licence !== null && /^https?:/.test(licence) && URL.canParse(licence)
      ? { licence: 'terms of the agency', licenceUrl: licence }
      : { licence: 'not stated' }
  return { name: source ?? new URL(address).host, url: address, ...terms }
}

function otherSplit(was: readonly string[], is: readonly string[]): ConfigError {
  const message = `The table here is split by ${was.join(', ')}; this selection would split it by ${is.join(', ')}. Name the same ones, or make another source for it.`
  return new ConfigError(message, { fields: [{ name: 'selection', message }] })
}

/** How far the numbers of one state of the table were read; with another selection, language or number of parts it says nothing. */
interface Cursor {
  readonly updated: string
  readonly of: string
  readonly parts: number
  readonly done: number
}

async function* extract(context: ExtractContext<Settings>): AsyncGenerator<Page> {
  const { metadata, chosen, mostCells, numbers } = await openTable(context)
  const { config, log } = context
  const parts = [...partsOf(chosen, mostCells, metadata.contents)]
  const state = { updated: metadata.updated ?? '', of: `${config.language} ${config.table} ${config.selection}`, parts: parts.length }
  for (let done = doneOf(context.cursor as Cursor | null, state); done < parts.length; done++) {
    const { cube, cells, request } = await numbers(parts[done]!)
    log('Numbers received', { part: done + 1, of: parts.length, numbers: cells })
    let records: CubeRecord[] = []
    for (const record of rowsOf(cube, metadata.contents, cells)) {
      if (records.length === PAGE_SIZE) {
        yield { records, request }
        records = []
      }
      records.push(record)
    }
    yield { records, request, cursor: { ...state, done: done + 1 } }
  }
}

/** Parts that need not be asked again: those of the very same state. A table that does not say when it changed is read anew. */
function doneOf(last: Cursor | null, { updated, of, parts }: Omit<Cursor, 'done'>): number {
  return last !== null && updated !== '' && last.updated === updated && last.of === of && last.parts === parts && last.done > 0
    ? last.done
    : 0
}

export default defineConnector({
  name: 'scb',
  title: 'Statistics Sweden (SCB)',
  about:
    'Official statistics: population, prices, wages, housing and some thousand tables more. One source is one table, loaded again when it changes.',
  provider: {
    name: 'Statistics Sweden (SCB)',
    url: 'https://www.statistikdatabasen.scb.se',
    licence: 'CC0 1.0',
    licenceUrl: 'https://creativecommons.org/publicdomain/zero/1.0/',
  },
  config: settings,
  check: openTable,
  discover,
  extract: (_stream, context) => extract(context),
  transform: toRow,
})
