import type { Column, ColumnKind } from '@handover/sdk'

const longestVarchar = 16_383

const kinds: readonly string[] = ['text', 'int', 'double', 'decimal', 'boolean', 'date', 'instant', 'json', 'image'] satisfies ColumnKind[]

/** The kind that `typeOf` wrote into a declared type; null for a column that was not made here. */
export function kindOf(stored: string): Pick<Column, 'kind' | 'scale'> | null {
  const [type = '', kind = ''] = stored.split(' ')
  if (!kinds.includes(kind)) return null
  return { kind: kind as ColumnKind, scale: kind === 'decimal' ? Number(/,(\d+)\)$/.exec(type)?.[1] ?? 0) : null }
}

/** The type that MySQL keeps the values of a column in. */
export function sqlType(column: Column): string {
  switch (column.kind) {
    case 'text':
      return column.max === null || column.max > longestVarchar ? 'LONGTEXT' : `VARCHAR(${column.max})`
    case 'image':
      return 'VARCHAR(191)'
    case 'int':
      return 'BIGINT'
    case 'double':
      return 'DOUBLE'
    case 'decimal':
      return `DECIMAL(18,${column.scale ?? 0})`
    case 'boolean':
      return 'TINYINT(1)'
    case 'date':
      return 'DATE'
    case 'instant':
      return 'DATETIME(3)'
    case 'json':
      return 'LONGTEXT'
  }
}
