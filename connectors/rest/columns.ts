import { ConfigError, titleOf, type Column, type DatasetShape } from '@handover/sdk'
import { chosenRoles, freeName, Profile, safeName, widenKnown, type Guess } from '@handover/sdk/infer'
import { readType } from './definition/column.ts'
import type { ColumnDefinition, StreamDefinition } from './definition/schema.ts'
import type { KnownColumn } from './hints.ts'
import { parentColumn, placesIn } from './placeholders.ts'
import { WHOLE } from './value-at.ts'

const MOST_COLUMNS = 300
const NOTHING: Guess = { about: '', role: null, personal: false }

/** What the records of a stream have shown: profiles by place in the record. */
export type Sample = ReadonlyMap<string, Profile>

/** Profiles of every field. Objects are opened one level, `amounts: {total}` to `amounts.total`; what lies deeper is JSON. */
export function sampleOf(records: readonly unknown[]): Sample {
  const fields = new Map<string, Profile>()
  const add = (path: string, value: unknown): void => {
    let profile = fields.get(path)
    if (profile === undefined) fields.set(path, (profile = new Profile()))
    profile.add(value, true)
  }
  for (const record of records) {
    if (!isObject(record)) add(WHOLE, record)
    else
      for (const [name, part] of Object.entries(record)) {
        if (isObject(part)) for (const [inner, deep] of Object.entries(part)) add(`${name}.${inner}`, deep)
        else add(name, part)
      }
  }
  return fields
}

/** The columns of a stream: those of the parent's key, those that the definition names, and those that are found. */
export function columnsOf(
  name: string,
  stream: StreamDefinition,
  seen: Sample,
  before: readonly KnownColumn[],
  parent: Pick<DatasetShape, 'columns' | 'key'> | null,
): KnownColumn[] {
  const said = Object.entries(stream.columns ?? {}).map(([column, saying]) => ({
    column,
    saying: saying ?? {},
    from: placeOf(column, saying ?? {}),
  }))
  const taken = new Set(said.map(({ column }) => column.toLowerCase()))
  const covered = new Set(said.map(({ from }) => ('record' in from ? from.record : '')))
  const named = said
    .filter(({ saying }) => saying.leaveOut !== true)
    .map(({ column, saying, from }) => namedColumn(name, column, saying, from, seen, before, parent?.columns ?? []))
  const keys = (parent?.columns ?? [])
    .filter(({ name: column }) => parent!.key.includes(column) && !said.some(({ from }) => 'parent' in from && from.parent === column))
    .map((column) => parentKey(stream.parent!, column, taken))
  const found = stream.otherColumns === false ? [] : foundColumns(seen, before, covered, taken)
  const all = [...keys, ...named, ...found]
  const columns = stream.otherColumns === false ? all : inOrder(all, [...seen.keys()], before)
  if (columns.length > MOST_COLUMNS) {
    const message = `${name} would have ${columns.length} columns; at most ${MOST_COLUMNS} can be loaded. Name those that are wanted, and write otherColumns: false.`
    throw new ConfigError(message, { fields: [{ name: `definition.streams.${name}.columns`, message }] })
  }
  return columns
}

/** As they were, then the parent's, then as the fields stand in the records, so that a table reads like its source. */
function inOrder(columns: readonly KnownColumn[], fields: readonly string[], before: readonly KnownColumn[]): KnownColumn[] {
  const rank = ({ name, from }: KnownColumn): number => {
    const was = before.findIndex((column) => column.name === name)
    if (was !== -1) return was
    if ('parent' in from) return before.length
    const place = fields.findIndex(
      (field) => field === from.record || from.record.startsWith(`${field}.`) || field.startsWith(`${from.record}.`),
    )
    return before.length + 1 + (place === -1 ? fields.length : place)
  }
  return columns
    .map((column) => ({ column, rank: rank(column) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ column }) => column)
}

function placeOf(column: string, { path = column }: ColumnDefinition & object): KnownColumn['from'] {
  const [place] = placesIn(path)
  return place === undefined ? { record: path } : { parent: parentColumn(place)! }
}

function namedColumn(
  stream: string,
  name: string,
  saying: NonNullable<ColumnDefinition>,
  from: KnownColumn['from'],
  seen: Sample,
  before: readonly KnownColumn[],
  parent: readonly Column[],
): KnownColumn {
  const above = 'parent' in from ? parent.find((column) => column.name === from.parent) : undefined
  if ('parent' in from && above === undefined)
    throw noParentColumn(`definition.streams.${stream}.columns.${name}.path`, from.parent, parent)
  const profile = 'record' in from ? seen.get(from.record) : undefined
  const known = before.find((column) => column.name === name)
  const type = saying.type === undefined ? null : readType(saying.type)
  const found =
    known && !known.isSaid && known.kind !== 'decimal' ? widenKnown(known.kind, profile?.kind ?? null) : (profile?.kind ?? 'text')
  const place = 'record' in from ? from.record : name
  return {
    name,
    from,
    kind: type?.kind ?? (above ? kindOf(above) : found),
    isSaid: type !== null,
    seconds: type?.seconds ?? false,
    guess: profile?.guess(place, aboutOf(place)) ?? { ...NOTHING, about: above?.about ?? aboutOf(place) },
  }
}

/** A row of a child names the row above it. */
function parentKey(parent: string, column: Column, taken: Set<string>): KnownColumn {
  const about = `${column.title} of the row of ${parent} that it belongs to.`
  const name = freeName(safeName(`${parent}_${column.name}`, 'parent'), taken)
  return { name, from: { parent: column.name }, kind: kindOf(column), isSaid: false, seconds: false, guess: { ...NOTHING, about } }
}

const kindOf = ({ kind }: Column): KnownColumn['kind'] => (kind === 'image' ? 'text' : kind)

function foundColumns(seen: Sample, before: readonly KnownColumn[], covered: ReadonlySet<string>, taken: Set<string>): KnownColumn[] {
  const roles = chosenRoles(seen)
  const kept = before.filter(
    ({ name, from, isSaid }) => 'record' in from && !isSaid && !covered.has(from.record) && !taken.has(name.toLowerCase()),
  )
  for (const { name } of kept) taken.add(name.toLowerCase())
  const columns = kept.map((column): KnownColumn => {
    const profile = 'record' in column.from ? seen.get(column.from.record) : undefined
    return { ...column, kind: column.kind === 'decimal' ? column.kind : widenKnown(column.kind, profile?.kind ?? null) }
  })
  for (const [path, profile] of seen) {
    if (covered.has(path) || columns.some(({ from }) => 'record' in from && from.record === path)) continue
    const guess = profile.guess(path, aboutOf(path))
    const role = roles.time === path ? 'time' : roles.label === path ? 'label' : guess.role
    const name = freeName(safeName(path === WHOLE ? 'value' : path, `column_${columns.length + 1}`), taken)
    columns.push({ name, from: { record: path }, kind: profile.kind ?? 'text', isSaid: false, seconds: false, guess: { ...guess, role } })
  }
  return columns
}

const aboutOf = (path: string): string => (path === WHOLE ? 'The value itself, as the API sends it.' : `“${path}”, as the API sends it.`)

/** A place in braces names a column that the parent does not have. */
export function noParentColumn(field: string, wanted: string, parent: readonly Column[]): ConfigError {
  const message = `The parent has no column “${wanted}”. It has: ${parent.map(({ name }) => name).join(', ')}.`
  return new ConfigError(message, { fields: [{ name: field, message }] })
}

const LONGEST_KEY = 191

/** A column as the host sees it. What the definition says goes before what was guessed. */
export function toColumn(column: KnownColumn, key: readonly string[], stream: StreamDefinition): Column {
  const { name, from, kind, guess } = column
  const saying = stream.columns?.[name] ?? {}
  const role = saying.role === undefined ? guess.role : saying.role === 'none' ? null : saying.role
  const type = saying.type === undefined ? null : readType(saying.type)
  const path = 'record' in from ? from.record : name
  return {
    name,
    title: saying.title ?? titleOf(safeName(path === WHOLE || saying.path !== undefined ? name : path, name)),
    about: saying.about ?? guess.about,
    kind,
    nullable: !key.includes(name),
    max: kind === 'text' && key.includes(name) ? LONGEST_KEY : null,
    precision: type?.precision ?? null,
    scale: type?.scale ?? null,
    values: null,
    unit: saying.unit ?? (role === 'latitude' || role === 'longitude' ? 'degrees' : null),
    role,
    personal: saying.personal ?? guess.personal,
  }
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
