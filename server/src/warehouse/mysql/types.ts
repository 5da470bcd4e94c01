import type { Column } from '@handover/sdk'

const longestVarchar = 16_383

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
