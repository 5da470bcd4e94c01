import type { Column, ColumnKind, DatasetShape } from '@handover/sdk'
import type { Op, Table } from '../table.ts'

/** A column with nothing special about it. */
export const column = (name: string, kind: ColumnKind, more: Partial<Column> = {}): Column => ({
  name,
  title: name,
  about: 'A column.',
  kind,
  nullable: true,
  max: null,
  precision: kind === 'decimal' ? 18 : null,
  scale: kind === 'decimal' ? 2 : null,
  values: null,
  unit: null,
  role: null,
  personal: false,
  ...more,
})

/** A dataset `things` told apart by `id`. */
export const shape = (columns: readonly Column[], more: Partial<DatasetShape> = {}): DatasetShape => ({
  name: 'things',
  title: 'Things',
  about: 'Some things.',
  from: 'things',
  key: ['id'],
  load: 'merge',
  ...more,
  // As the contract wants it: text in a key has a longest length.
  columns: columns.map((each) =>
    (more.key ?? ['id']).includes(each.name) && each.kind === 'text' ? { ...each, max: each.max ?? 191 } : each,
  ),
})

/** The table of `things` in a source `test`. */
export const table = (columns: readonly Column[], more: Partial<DatasetShape> = {}): Table => ({
  name: 'test__things',
  shape: shape(columns, more),
})

/** A row, from record `line` of part 1. */
export const put = (values: readonly unknown[], line = 0): Op => ({ values, part: 1, line, item: 0 })

/** The end of a row. */
export const remove = (deletedKey: readonly unknown[], line = 0): Op => ({ deletedKey, part: 1, line, item: 0 })
