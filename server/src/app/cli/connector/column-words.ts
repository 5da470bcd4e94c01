import type { Column, DatasetShape } from '@handover/sdk'
import { SCALARS } from '../../../data-api/shared-types.ts'
import { sqlType } from '../../../warehouse/mysql/types.ts'
import { SqliteDialect } from '../../../warehouse/sqlite/dialect.ts'

/** How a column is kept and asked for. */
export interface ColumnWords {
  readonly name: string
  readonly sqlite: string
  readonly mysql: string
  /** With `!` where the API promises a value. */
  readonly graphql: string
  readonly role: string
  /** What else is declared: "key", "may be empty", "personal", a unit. */
  readonly notes: string
}

const sqlite = new SqliteDialect()

/** The columns of a dataset as the warehouse and the API have them. */
export const columnWords = (shape: DatasetShape): ColumnWords[] =>
  shape.columns.map((column) => wordsOf(column, shape.key.includes(column.name)))

function wordsOf(column: Column, isKey: boolean): ColumnWords {
  const notes = [isKey ? 'key' : '', column.nullable ? 'may be empty' : '', column.personal ? 'personal' : '', column.unit ?? '']
  return {
    name: column.name,
    sqlite: sqlite.typeOf(column),
    mysql: sqlType(column),
    graphql: `${SCALARS[column.kind].name}${isKey ? '!' : ''}`,
    role: column.role ?? '',
    notes: notes.filter((note) => note !== '').join(', '),
  }
}
