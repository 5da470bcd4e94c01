import type { EntityMetadata } from 'typeorm'
import type { Database } from '../warehouse/warehouse.service.ts'
import type { ArchivedTable, ValueKind } from './archive.ts'

/** Belong to the place and the processes that run there, not to what was loaded. Planned times have an entry of their own, whatever keeps them. */
const LEFT_OUT = ['handover_agenda_job', 'handover_reload', 'handover_version']

/** A table of the platform with its columns. */
export type PlatformTable = Extract<ArchivedTable, { readonly columns: unknown }>

/** The platform's tables that a backup holds. */
export function platformTables(db: Database): PlatformTable[] {
  return db.read.entityMetadatas
    .filter(({ tableName }) => !LEFT_OUT.includes(tableName))
    .map(({ tableName: name, columns }) => ({
      name,
      columns: columns.map((column) => ({ name: column.databaseName, kind: kindOf(column) })),
    }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

function kindOf({ type, propertyPath }: EntityMetadata['columns'][number]): ValueKind {
  switch (type) {
    case 'varchar':
    case 'text':
    case 'simple-json':
    case String:
      return 'text'
    case 'int':
    case 'integer':
    case 'bigint':
    case Number:
      return 'int'
    case 'boolean':
    case Boolean:
      return 'boolean'
    case 'datetime':
      return 'time'
    case 'double':
      return 'double'
    default:
      throw new Error(`A backup does not know how to keep the column ${propertyPath} of type ${String(type)}.`)
  }
}
