import type { Column, ColumnKind } from '@handover/sdk'
import { ConfigError } from '../shared/errors.ts'
import type { Table } from '../warehouse/warehouse.service.ts'
import { graphqlName, sourceField } from './names.ts'

/** What a field of a row is made of: a column as declared, or one of the columns that every table carries. */
export interface DataField {
  readonly field: string
  readonly column: string
  readonly kind: ColumnKind | 'id' | 'int32'
  readonly required: boolean
  readonly about: string
}

/** A dataset as GraphQL shows it: names that are safe and unique, and the table behind. */
export interface DatasetModel {
  readonly slug: string
  readonly sourceField: string
  readonly field: string
  readonly groupsField: string
  readonly typeName: string
  readonly table: Table
  /** Declared columns first, then those that every table carries. */
  readonly fields: readonly DataField[]
}

/** All datasets of one source under its one field of `Query`. */
export interface SourceModel {
  readonly slug: string
  readonly title: string
  readonly field: string
  readonly datasets: readonly DatasetModel[]
}

/** The columns that every data table carries, so that a number can be followed back to the record it came from. */
export const SYSTEM_FIELDS: readonly DataField[] = [
  { field: '_loadId', column: '_load_id', kind: 'id', required: true, about: 'The load that last changed this row.' },
  { field: '_loadedAt', column: '_loaded_at', kind: 'instant', required: true, about: 'When this row last changed.' },
  { field: '_rawPart', column: '_raw_part', kind: 'int', required: true, about: 'Part of the lake that holds the record of this row.' },
  { field: '_rawLine', column: '_raw_line', kind: 'int32', required: true, about: 'Place of the record in its part, from 0.' },
  {
    field: '_rawItem',
    column: '_raw_item',
    kind: 'int32',
    required: true,
    about: 'Place of this row among those made from its record, from 0.',
  },
]

/** The endings of the types that belong to one dataset; empty is the row itself. */
const TYPE_ENDINGS = ['', '_Connection', '_Where', '_Order', '_By', '_Measure', '_Column']

/** The model of one source; throws a `ConfigError` whose sentence names the clash when two names would become one. */
export function sourceModel(source: { slug: string; title: string }, tables: readonly Table[]): SourceModel {
  const field = sourceField(source.slug)
  const datasets = tables.map((table) => datasetModel(source.slug, field, table))
  refuseDoubles(
    datasets.flatMap((dataset) => [
      { name: dataset.field, of: `the dataset "${dataset.table.shape.name}"` },
      { name: dataset.groupsField, of: `the groups of the dataset "${dataset.table.shape.name}"` },
    ]),
  )
  refuseDoubles(
    datasets.flatMap((dataset) =>
      TYPE_ENDINGS.map((ending) => ({ name: dataset.typeName + ending, of: `a type of the dataset "${dataset.table.shape.name}"` })),
    ),
  )
  for (const { table, fields } of datasets) {
    refuseDoubles(fields.map((one) => ({ name: one.field, of: `the column "${one.column}" of the dataset "${table.shape.name}"` })))
  }
  return { slug: source.slug, title: source.title, field, datasets }
}

/** The model of one dataset of a source; whether its names clash is for `sourceModel` to say. */
export function datasetModel(slug: string, source: string, table: Table): DatasetModel {
  const field = graphqlName(table.shape.name)
  const fields = [...table.shape.columns.map((column) => dataField(column, table)), ...SYSTEM_FIELDS]
  return { slug, sourceField: source, field, groupsField: `${field}Groups`, typeName: `Data_${source}_${field}`, table, fields }
}

function dataField(column: Column, table: Table): DataField {
  const unit = column.unit ? ` Unit: ${column.unit}.` : ''
  return {
    field: graphqlName(column.name),
    column: column.name,
    kind: column.kind,
    // Only keys are promised: a column that a later version declares is empty in the rows from before.
    required: table.shape.key.includes(column.name),
    about: `${column.about}${unit}`,
  }
}

function refuseDoubles(names: readonly { name: string; of: string }[]): void {
  const seen = new Map<string, string>()
  for (const { name, of } of names) {
    const other = seen.get(name)
    if (other) {
      throw new ConfigError(
        `In the API ${other} and ${of} would both be called "${name}". Rename one of them in the source or its connector.`,
      )
    }
    seen.set(name, of)
  }
}
