import { ConfigError } from '@handover/sdk'
import type { Dimension, Metadata } from './metadata.ts'

/** Codes to ask for of one dimension. A dimension that is summed up is not in the list. */
export interface Chosen {
  readonly dimension: Dimension
  readonly codes: readonly string[]
}

/** More numbers than this are a mistake rather than a wish. */
const MOST_CELLS = 5_000_000

/**
 * What the setting asks for, as codes of this table: `Region=0180,Göteborg; Tid=last 10`. A dimension that is not named is left out where the
 * source can sum it up, else taken in full. Throws a `ConfigError` that stands beside the setting.
 */
export function choose(text: string, metadata: Metadata): readonly Chosen[] {
  const wishes = readWishes(text, metadata.dimensions)
  const chosen = metadata.dimensions.flatMap((dimension): Chosen[] => {
    const wish = wishes.get(dimension)
    if (wish === undefined) return dimension.canBeLeftOut ? [] : [{ dimension, codes: dimension.values.map(({ code }) => code) }]
    return [{ dimension, codes: codesFor(dimension, wish) }]
  })
  const cells = cellsOf(chosen)
  if (cells > MOST_CELLS)
    throw fault(`This asks for ${format(cells)} numbers; at most ${format(MOST_CELLS)} are loaded. Name fewer values, such as Tid=last 5.`)
  return chosen
}

/** How many numbers a choice is. */
export const cellsOf = (chosen: readonly Chosen[]): number => chosen.reduce((cells, { codes }) => cells * codes.length, 1)

/**
 * Cuts a choice into such of at most `most` numbers, because a source answers no more at once. What is measured stays together: it makes one row.
 */
export function* partsOf(chosen: readonly Chosen[], most: number, contents: string | null): Generator<readonly Chosen[]> {
  const cells = cellsOf(chosen)
  const free = chosen.filter(({ dimension, codes }) => dimension.code !== contents && codes.length > 1)
  if (cells <= most || free.length === 0) {
    yield chosen
    return
  }
  const longest = free.reduce((best, one) => (one.codes.length > best.codes.length ? one : best))
  const length = Math.max(1, Math.floor((longest.codes.length * most) / cells))
  for (let from = 0; from < longest.codes.length; from += length) {
    const codes = longest.codes.slice(from, from + length)
    yield* partsOf(
      chosen.map((one) => (one === longest ? { ...one, codes } : one)),
      most,
      contents,
    )
  }
}

function readWishes(text: string, dimensions: readonly Dimension[]): Map<Dimension, string[]> {
  const wishes = new Map<Dimension, string[]>()
  for (const part of text.split(/[;\n]/).filter((one) => one.trim() !== '')) {
    const [, name, values] = /^([^=]+)=(.+)$/.exec(part) ?? []
    if (name === undefined || values === undefined)
      throw fault(`"${part.trim()}" cannot be read. Write a name, = and values, such as Region=0180,1480.`)
    const dimension = dimensions.find(({ code, label }) => isSame(code, name) || isSame(label, name))
    if (dimension === undefined) throw fault(`The table is not split by "${name.trim()}". It is by: ${names(dimensions)}.`)
    if (wishes.has(dimension)) throw fault(`"${name.trim()}" is named twice. Write all its values behind one =, with commas between.`)
    wishes.set(dimension, values.split(','))
  }
  return wishes
}

/** Codes in the order of the table, each once. */
function codesFor(dimension: Dimension, wish: readonly string[]): string[] {
  const wanted = new Set(wish.flatMap((one) => matches(dimension, one.trim())))
  return dimension.values.map(({ code }) => code).filter((code) => wanted.has(code))
}

function matches({ code: name, values }: Dimension, wish: string): string[] {
  const codes = values.map(({ code }) => code)
  const exact = values.filter(({ code, label }) => isSame(code, wish) || isSame(label, wish)).map(({ code }) => code)
  if (exact.length > 0) return exact
  if (/^(all|\*)$/i.test(wish)) return codes
  const last = /^last\s+(\d+)$/i.exec(wish)
  if (last !== null && Number(last[1]) > 0) return codes.slice(-Number(last[1]))
  const pattern = new RegExp(
    `^${wish
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
    'i',
  )
  const found = /[*?]/.test(wish) ? codes.filter((code) => pattern.test(code)) : []
  if (found.length > 0) return found
  const some = values.slice(0, 4).map(({ code, label }) => (code === label ? code : `${code} (${label})`))
  throw fault(`"${wish}" is no value of ${name}. Write codes or names such as ${some.join(', ')}, or * for all, or last 5.`)
}

const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.trim().toLowerCase()

const names = (dimensions: readonly Dimension[]): string =>
  dimensions.map(({ code, label }) => (code === label ? code : `${code} (${label})`)).join(', ')

const format = (count: number): string => count.toLocaleString('en')

const fault = (message: string): ConfigError => new ConfigError(message, { fields: [{ name: 'selection', message }] })
