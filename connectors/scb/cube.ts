import { SourceError } from '@handover/sdk'
import { codesOf, type JsonStat } from './json-stat.ts'

/** One row of a cube by itself: where it stands, and every measure there. This is what the lake keeps, so that a replay needs no cube. */
export interface CubeRecord {
  /** Code of each dimension, such as `{ "Region": "0180", "Tid": "2024" }`. */
  readonly at: Readonly<Record<string, string>>
  /** What the codes are called. */
  readonly names: Readonly<Record<string, string>>
  /** By code of the measure; null where the source has no number. */
  readonly values: Readonly<Record<string, unknown>>
  /** What the source wrote in place of a number, or beside it, such as `..`. */
  readonly marks: Readonly<Record<string, string>>
}

/** One side of a cube. */
interface Side {
  readonly code: string
  readonly codes: readonly string[]
  readonly labels: Readonly<Record<string, string>>
  /** How many cells lie between two neighbours of this side. */
  readonly step: number
}

/**
 * The rows of a json-stat2 cube. Its cells stand in one list, the last side running fastest; `contents` is the side whose values stand side by
 * side in a row. Throws a `SourceError` when the cube is not of `cells` numbers.
 */
export function* rowsOf(cube: JsonStat, contents: string | null, cells: number): Generator<CubeRecord> {
  const sides = sidesOf(cube, cells)
  const measures = sides.find(({ code }) => code === contents)
  const others = sides.filter((side) => side !== measures)
  const measured = measures?.codes.map((code, index) => ({ code, offset: index * measures.step })) ?? [{ code: 'value', offset: 0 }]
  for (const { place, at, names } of placesOf(others)) {
    const values: Record<string, unknown> = {}
    const marks: Record<string, string> = {}
    for (const { code, offset } of measured) {
      values[code] = cube.value[place + offset] ?? null
      const mark = cube.status?.[place + offset]
      if (typeof mark === 'string' && mark !== '') marks[code] = mark
    }
    yield { at, names, values, marks }
  }
}

/** Every combination of these sides in their order, with the place of its first cell. */
function* placesOf(sides: readonly Side[]): Generator<{ place: number; at: Record<string, string>; names: Record<string, string> }> {
  const [first, ...rest] = sides
  if (first === undefined) {
    yield { place: 0, at: {}, names: {} }
    return
  }
  for (const [index, code] of first.codes.entries()) {
    for (const { place, at, names } of placesOf(rest)) {
      yield {
        place: index * first.step + place,
        at: { [first.code]: code, ...at },
        names: { [first.code]: first.labels[code] ?? code, ...names },
      }
    }
  }
}

function sidesOf({ id, dimension, value }: JsonStat, cells: number): Side[] {
  let step = 1
  const sides: Side[] = []
  for (const code of id.toReversed()) {
    const codes = codesOf(dimension[code]!)
    sides.unshift({ code, codes, labels: dimension[code]!.category?.label ?? {}, step })
    step *= codes.length
  }
  const held = Array.isArray(value) ? value.length : step
  if (step === cells && held === cells) return sides
  throw new SourceError(`The source sent ${held} numbers where ${cells} were asked for.`, {
    code: 'SOURCE_INCOMPLETE',
    detail: `The sides ${id.join(', ')} make ${step}.`,
  })
}
