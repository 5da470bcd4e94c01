import { Deleted, recordValue, type DatasetShape } from '@handover/sdk'
import { datasetsFrom, type UnreadConnector } from '@handover/sdk/host'
import type { RecordedPiece } from './recording.ts'
import { leavesOf, withLeaf, type Leaf } from './json-leaves.ts'
import { madeUp, madeUpChoice } from './made-up.ts'
import { isReadable } from './read-streams.ts'

const MOST_LEAVES = 500

/** What flows into columns marked personal, and what stands in its place. */
export interface PersonalValues {
  /** Texts, with the names of the fields that held them. */
  readonly texts: Map<string, { readonly made: string; readonly names: Set<string> }>
  /** Numbers and truths by field and value, `age 34`. */
  readonly others: Map<string, number | bigint | boolean>
  /** Fields that flow into no column at all. */
  readonly unread: Set<string>
}

/**
 * Finds what flows into personal columns: each part of a record is changed in turn, and where a personal column changes with it, the part is
 * personal too, however it gets there.
 */
export function findPersonal(open: UnreadConnector, pieces: readonly RecordedPiece[]): PersonalValues {
  const values: PersonalValues = { texts: new Map(), others: new Map(), unread: new Set() }
  const used = new Set<string>()
  for (const piece of pieces)
    for (const page of piece.pages)
      for (const record of page.records) if (isReadable(record)) lookInto(open, piece, recordValue(record), values, used)
  for (const field of used) values.unread.delete(field)
  return values
}

function lookInto(open: UnreadConnector, piece: RecordedPiece, record: unknown, values: PersonalValues, used: Set<string>): void {
  const datasets = datasetsFrom(open, piece.name).map(({ shape }) => shape)
  const cells = (shape: DatasetShape, value: unknown) => cellsOf(open, shape, value, piece.partition)
  const before = datasets.map((shape) => cells(shape, record))
  for (const leaf of leavesOf(record).slice(0, MOST_LEAVES)) {
    const field = leaf.path.filter((step) => typeof step === 'string').join('.')
    const changes = datasets.map((shape, at) => {
      const choices = shape.columns.find((column) => column.personal && column.values?.includes(String(leaf.value)))?.values ?? null
      const after = cells(shape, withLeaf(record, leaf.path, replacement(leaf, choices)))
      return { choices, isRead: after?.all !== before[at]?.all, isPersonal: after !== null && after.personal !== before[at]?.personal }
    })
    if (changes.some(({ isRead }) => isRead)) used.add(field)
    else if (typeof leaf.value !== 'boolean') values.unread.add(field)
    const personal = changes.find(({ isPersonal }) => isPersonal)
    if (personal !== undefined) note(leaf, replacement(leaf, personal.choices), values)
  }
}

const replacement = ({ value }: Leaf, choices: readonly string[] | null): unknown => {
  if (typeof value === 'boolean') return !value
  if (typeof value === 'bigint') return BigInt(madeUp(String(value)))
  return choices === null ? madeUp(value) : madeUpChoice(String(value), choices)
}

function note({ name, value }: Leaf, made: unknown, { texts, others }: PersonalValues): void {
  if (typeof value !== 'string') others.set(`${name} ${value}`, made as number | bigint | boolean)
  if (typeof value !== 'string' || value.trim() === '') return
  const known = texts.get(value) ?? { made: made as string, names: new Set() }
  known.names.add(name)
  texts.set(value, known)
}

/** What a dataset makes of a record, as text: of all columns and of the personal ones; null when it cannot be used. */
function cellsOf(
  open: UnreadConnector,
  { name, columns }: DatasetShape,
  record: unknown,
  partition: string,
): { all: string; personal: string } | null {
  try {
    const made = [open.transform(name, record, partition)].flat()
    const rows = made.map((row) => (row instanceof Deleted ? row.key : ((row ?? {}) as Readonly<Record<string, unknown>>)))
    const personal = columns.filter((column) => column.personal).map((column) => column.name)
    const text = (part: unknown) => JSON.stringify(part, (_name, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value)) ?? ''
    return { all: text(rows), personal: text(rows.map((row) => personal.map((column) => row[column] ?? null))) }
  } catch {
    return null
  }
}
