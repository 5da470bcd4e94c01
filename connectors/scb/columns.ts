import type { Column, DiscoveredDataset, Json } from '@handover/sdk'
import type { CubeRecord } from './cube.ts'
import type { Dimension, Measure, Metadata } from './metadata.ts'
import { capital, freeName } from './names.ts'
import { firstDay } from './periods.ts'
import type { Chosen } from './selection.ts'

/** Which column takes what of a record; kept with the source, so that names stay when the source renames things. */
export interface ColumnNames {
  /** By code of the dimension: the column of the code, and of what it is called where that is another text. */
  readonly dimensions: Readonly<Record<string, { readonly code: string; readonly label: string | null }>>
  /** By code of the measure. */
  readonly measures: Readonly<Record<string, string>>
  readonly time: { readonly dimension: string; readonly date: string } | null
  readonly marks: string
}

/** Reads what `columnsOf` has named. */
export const readNames = (hint: Json | undefined): ColumnNames => hint as unknown as ColumnNames

/** Names the columns of a choice; what was named before keeps its name. */
export function nameColumns({ time, contents, measures }: Metadata, chosen: readonly Chosen[], before: ColumnNames | null): ColumnNames {
  const known =
    before === null
      ? []
      : [...Object.values(before.dimensions).flatMap(({ code, label }) => [code, label ?? code]), ...Object.values(before.measures)]
  const taken = new Set(['date', 'marks', ...known].map((name) => name.toLowerCase()))
  const split = chosen.filter(({ dimension }) => dimension.code !== contents).map(({ dimension }) => dimension)
  const nameDimension = (dimension: Dimension): { code: string; label: string | null } => {
    if (dimension.code === time) return { code: freeName('period', taken), label: null }
    const name = freeName(dimension.code, taken)
    return isPlain(dimension) ? { code: name, label: null } : { code: freeName(`${name} code`, taken), label: name }
  }
  const wanted = measuresOf(measures, chosen, contents)
  return {
    dimensions: Object.fromEntries(split.map((one) => [one.code, before?.dimensions[one.code] ?? nameDimension(one)])),
    measures: Object.fromEntries(wanted.map((one) => [one.code, before?.measures[one.code] ?? freeName(one.label, taken)])),
    time: split.some(({ code }) => code === time) ? { dimension: time!, date: 'date' } : null,
    marks: 'marks',
  }
}

/** The columns of a choice in the order of the table: what it is split by, then what is measured. */
export function columnsOf(metadata: Metadata, chosen: readonly Chosen[], names: ColumnNames): Column[] {
  const { time, contents, measures } = metadata
  const split = chosen.filter(({ dimension }) => dimension.code !== contents)
  return [
    ...split.flatMap(({ dimension, codes }) => {
      const { code, label } = names.dimensions[dimension.code]!
      if (dimension.code === time) return timeColumns(dimension, code, names.time!.date)
      return splitColumns(dimension, codes.length > 1, code, label)
    }),
    ...measuresOf(measures, chosen, contents).map((measure) => measureColumn(measure, names.measures[measure.code]!)),
    {
      ...PLAIN,
      name: names.marks,
      title: 'Marks',
      about:
        'What the source wrote in place of a number: .. is not available or too uncertain, . cannot occur, : is confidential. Empty when all is there.',
    },
  ]
}

/**
 * What to call the table: the source names all that it could be split by, `Population by region, sex and year`; here it is what it is split by.
 */
export function titleOf({ label, time, contents }: Metadata, chosen: readonly Chosen[]): string {
  const [, what, by] = /^(.+?) (by|efter|etter) /.exec(label) ?? []
  const split = chosen
    .filter(({ dimension }) => dimension.code !== time && dimension.code !== contents)
    .map(({ dimension }) => dimension.label)
  if (what === undefined) return label
  return split.length === 0 ? what : `${what} ${by} ${split.join(', ')}`
}

/** Makes the row of one record. */
export function toRow(dataset: DiscoveredDataset, { at, names: called, values, marks }: CubeRecord): Record<string, unknown> {
  const { dimensions, measures, time, marks: markColumn } = readNames(dataset.hint)
  const row: Record<string, unknown> = {}
  for (const [dimension, { code, label }] of Object.entries(dimensions)) {
    row[code] = at[dimension]
    if (label !== null) row[label] = called[dimension]
  }
  if (time !== null) row[time.date] = firstDay(at[time.dimension] ?? '')
  for (const [measure, column] of Object.entries(measures)) row[column] = values[measure]
  row[markColumn] = markText(marks, measures)
  return row
}

function markText(marks: Readonly<Record<string, string>>, measures: Readonly<Record<string, string>>): string | null {
  const found = Object.entries(marks)
  if (found.length === 0) return null
  if (Object.keys(measures).length === 1) return found[0]![1]
  return found.map(([code, mark]) => `${measures[code] ?? code} ${mark}`).join(', ')
}

const measuresOf = (measures: readonly Measure[], chosen: readonly Chosen[], contents: string | null): readonly Measure[] => {
  const codes = chosen.find(({ dimension }) => dimension.code === contents)?.codes
  return codes === undefined ? measures : measures.filter(({ code }) => codes.includes(code))
}

/** True when the codes say as much as the names. */
const isPlain = ({ values }: Dimension): boolean => values.every(({ code, label }) => code === label)

const PLAIN = {
  kind: 'text',
  nullable: true,
  max: null,
  precision: null,
  scale: null,
  values: null,
  unit: null,
  role: null,
  personal: false,
} as const

const LONGEST_CODE = 60
const LONGEST_KEY = 191

/** Codes are short, and all of them have to fit into one key. */
const keyText = ({ values }: Dimension): Pick<Column, 'nullable' | 'max'> => ({
  nullable: false,
  max: values.every(({ code }) => code.length <= LONGEST_CODE) ? LONGEST_CODE : LONGEST_KEY,
})

function timeColumns(dimension: Dimension, name: string, date: string): Column[] {
  const title = capital(dimension.label)
  const isDated = dimension.values.some(({ code }) => firstDay(code) !== null)
  return [
    { ...PLAIN, ...keyText(dimension), name, title, about: `${title}, as the source writes it, such as ${dimension.values.at(-1)?.code}.` },
    {
      ...PLAIN,
      name: date,
      title: 'Date',
      about: `First day of the period (${title}). Empty where the period is none of the calendar, such as 2019-2023.`,
      kind: 'date',
      role: isDated ? 'time' : null,
    },
  ]
}

function splitColumns(dimension: Dimension, isSplit: boolean, name: string, label: string | null): Column[] {
  const title = capital(dimension.label)
  const role = isSplit ? 'category' : null
  const example = dimension.values[0]
  const code: Column = {
    ...PLAIN,
    ...keyText(dimension),
    name,
    title: label === null ? title : `${title}, code`,
    about: `${title}, as the source codes it, such as ${example?.code}.`,
    role: label === null ? role : 'identifier',
  }
  return label === null ? [code] : [code, { ...PLAIN, name: label, title, about: `${title}, such as ${example?.label}.`, role }]
}

function measureColumn({ label, unit, decimals }: Measure, name: string): Column {
  const kind = decimals > 0 ? 'decimal' : 'int'
  return {
    ...PLAIN,
    name,
    title: capital(label),
    about: `${capital(label)}${unit === null ? '' : `, in ${unit}`}. Empty where the source has no number; see the marks.`,
    kind,
    unit,
    ...(kind === 'decimal' && { precision: 18, scale: Math.min(decimals, 17) }),
  }
}
