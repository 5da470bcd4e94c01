import { ConfigError, titleOf, type Column, type DatasetShape } from '@handover/sdk'
import { chosenRoles, freeName, safeName, widenKnown } from '@handover/sdk/infer'
import type { StreamDefinition } from './definition/schema.ts'
import type { KnownColumn } from './hints.ts'
import { sampleOf } from './sample.ts'
import { saidColumn, saidOf, usualOf, type Material, type Said } from './said-columns.ts'
import { aboutOf, WHOLE } from './value-at.ts'

const MOST_COLUMNS = 300
const LONGEST_KEY = 191

/** The columns of a stream: those of the parent's key, those that the definition names, and those that are found in the records. */
export function columnsOf(
  name: string,
  stream: StreamDefinition,
  records: readonly unknown[],
  before: readonly KnownColumn[],
  parent: Pick<DatasetShape, 'columns' | 'key'> | null,
): KnownColumn[] {
  const said = saidOf(stream)
  const seen = sampleOf(
    records,
    said.flatMap(({ from }) => ('record' in from ? [from.record] : [])),
  )
  const material: Material = { seen, before, parent: parent?.columns ?? [] }
  const taken = new Set(said.map((each) => each.name.toLowerCase()))
  const named = said.filter(({ saying }) => saying.leaveOut !== true).map((each) => saidColumn(name, each, material))
  const keys = (parent?.columns ?? [])
    .filter((column) => parent!.key.includes(column.name) && !said.some(({ from }) => 'parent' in from && from.parent === column.name))
    .map((column) => keyAbove(stream.parent, column, taken))
  const columns =
    stream.otherColumns === false
      ? [...keys, ...named]
      : inOrder([...keys, ...named, ...foundColumns(said, material, taken)], [...seen.keys()], before)
  if (columns.length <= MOST_COLUMNS) return columns
  const message = `${name} would have ${columns.length} columns; at most ${MOST_COLUMNS} can be loaded. Name those that are wanted, and write otherColumns: false.`
  throw new ConfigError(message, { fields: [{ name: `definition.streams.${name}.columns`, message }] })
}

/** As they were, then the parent's, then as the fields stand in the records, so that a table reads like its source. */
function inOrder(columns: readonly KnownColumn[], fields: readonly string[], before: readonly KnownColumn[]): KnownColumn[] {
  const rank = ({ name, from }: KnownColumn): number => {
    const was = before.findIndex((column) => column.name === name)
    if (was !== -1) return was
    if ('parent' in from) return before.length
    const place = fields.findIndex((field) => isAtOrIn(field, from.record) || isAtOrIn(from.record, field))
    return before.length + 1 + (place === -1 ? fields.length : place)
  }
  return columns
    .map((column) => ({ column, rank: rank(column) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ column }) => column)
}

const isAtOrIn = (path: string, outer: string): boolean => path === outer || path.startsWith(`${outer}.`)

/** A row of a child names the row above it, or the part that it was asked for. */
function keyAbove(parent: string | undefined, column: Column, taken: Set<string>): KnownColumn {
  const about = parent === undefined ? column.about : `${column.title} of the row of ${parent} that it belongs to.`
  const name = freeName(parent === undefined ? column.name : safeName(`${parent}_${column.name}`, 'parent'), taken)
  const usual = usualOf(column, about)
  const guess = { ...usual.guess, role: parent === undefined ? column.role : null }
  return { ...usual, guess, name, from: { parent: column.name }, isSaid: false, seconds: false }
}

/** What is found and neither named nor left out. What is left out takes along all that lies in it. */
function foundColumns(said: readonly Said[], { seen, before }: Material, taken: Set<string>): KnownColumn[] {
  const isCovered = (path: string): boolean =>
    said.some(({ from, saying }) => 'record' in from && (saying.leaveOut ? isAtOrIn(path, from.record) : path === from.record))
  const roles = chosenRoles(seen)
  const columns = before.filter(
    ({ name, from, isSaid }) => 'record' in from && !isSaid && !isCovered(from.record) && !taken.has(name.toLowerCase()),
  )
  for (const { name } of columns) taken.add(name.toLowerCase())
  const found = columns.map((column): KnownColumn => {
    const profile = 'record' in column.from ? seen.get(column.from.record) : undefined
    return { ...column, kind: widenKnown(column.kind, profile?.kind ?? null) }
  })
  for (const [path, profile] of seen) {
    if (isCovered(path) || found.some(({ from }) => 'record' in from && from.record === path)) continue
    const guess = profile.guess(path, aboutOf(path))
    const role = roles.time === path ? 'time' : roles.label === path ? 'label' : guess.role
    const name = freeName(safeName(path === WHOLE ? 'value' : path, `column_${found.length + 1}`), taken)
    const kind = profile.kind ?? 'text'
    found.push({
      name,
      from: { record: path },
      kind,
      precision: null,
      scale: null,
      isSaid: false,
      seconds: false,
      guess: { ...guess, role },
    })
  }
  return found
}

/** A column as the host sees it. What the definition says goes before what was guessed. */
export function toColumn(column: KnownColumn, key: readonly string[], stream: StreamDefinition): Column {
  const { name, from, kind, precision, scale, guess } = column
  const saying = stream.columns?.[name] ?? {}
  const role = saying.role === undefined ? guess.role : saying.role === 'none' ? null : saying.role
  const path = 'record' in from ? from.record : name
  return {
    name,
    title: saying.title ?? titleOf(safeName(path === WHOLE || saying.path !== undefined ? name : path, name)),
    about: saying.about ?? guess.about,
    kind,
    nullable: !key.includes(name),
    max: kind === 'text' && key.includes(name) ? LONGEST_KEY : null,
    precision,
    scale,
    values: null,
    unit: saying.unit ?? (role === 'latitude' || role === 'longitude' ? 'degrees' : null),
    role,
    personal: saying.personal ?? guess.personal,
  }
}
