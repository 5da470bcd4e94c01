import { ConfigError, type Column } from '@handover/sdk'
import { widenKnown, type Guess } from '@handover/sdk/infer'
import { readType } from './definition/column.ts'
import type { ColumnDefinition, StreamDefinition } from './definition/schema.ts'
import type { KnownColumn } from './hints.ts'
import { columnAbove, placesIn } from './placeholders.ts'
import type { Sample } from './sample.ts'
import { aboutOf } from './value-at.ts'

/** What a column is made from. */
export interface Material {
  readonly seen: Sample
  /** The columns of an earlier discovery. */
  readonly before: readonly KnownColumn[]
  /** The columns of the parent; none without one. */
  readonly parent: readonly Column[]
}

/** One column that the definition names. */
export interface Said {
  readonly name: string
  readonly saying: NonNullable<ColumnDefinition>
  readonly from: KnownColumn['from']
}

/** The columns that a definition names, and where each takes its value from. */
export const saidOf = ({ columns = {} }: StreamDefinition): Said[] =>
  Object.entries(columns).map(([name, saying]) => {
    const path = saying?.path ?? name
    const [place] = placesIn(path)
    return { name, saying: saying ?? {}, from: place === undefined ? { record: path } : { parent: columnAbove(place)! } }
  })

/** The column that the definition asks for; what it does not say is found. */
export function saidColumn(stream: string, { name, saying, from }: Said, material: Material): KnownColumn {
  const type = saying.type === undefined ? null : readType(saying.type)
  const usual = 'parent' in from ? fromParent(stream, name, from.parent, material) : fromRecord(name, from.record, material)
  return {
    ...usual,
    name,
    from,
    isSaid: type !== null,
    seconds: type?.seconds ?? false,
    ...(type && { kind: type.kind, precision: type.precision, scale: type.scale }),
  }
}

/** What a column has by itself, before the definition says otherwise. */
type Usual = Pick<KnownColumn, 'kind' | 'precision' | 'scale' | 'guess'>

function fromParent(stream: string, name: string, wanted: string, { parent }: Material): Usual {
  const above = parent.find((column) => column.name === wanted)
  if (above === undefined) throw noParentColumn(`definition.streams.${stream}.columns.${name}.path`, wanted, parent)
  return usualOf(above, above.about)
}

function fromRecord(name: string, path: string, { seen, before }: Material): Usual {
  const profile = seen.get(path)
  const known = before.find((column) => column.name === name && !column.isSaid)
  const kind = known ? widenKnown(known.kind, profile?.kind ?? null) : (profile?.kind ?? 'text')
  return { kind, precision: null, scale: null, guess: profile?.guess(path, aboutOf(path)) ?? nothing(aboutOf(path)) }
}

/** A column of the parent as one of the child. */
export const usualOf = ({ kind, precision, scale }: Column, about: string): Usual => ({
  kind: kind === 'image' ? 'text' : kind,
  precision,
  scale,
  guess: nothing(about),
})

const nothing = (about: string): Guess => ({ about, role: null, personal: false })

/** A place in braces names a column that the parent does not have. */
export function noParentColumn(field: string, wanted: string, parent: readonly Column[]): ConfigError {
  const message = `The parent has no column “${wanted}”. It has: ${parent.map(({ name }) => name).join(', ')}.`
  return new ConfigError(message, { fields: [{ name: field, message }] })
}
