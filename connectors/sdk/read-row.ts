import { Fault, type Rule } from './rules.ts'

/** What a row reader knows of a column. */
export interface ReadColumn {
  readonly name: string
  readonly nullable: boolean
  /** null where the value has been checked before. */
  readonly rule: Rule | null
}

/** The values of a row in the order of the columns; or the column that is at fault, and why. */
export type ReadRow = (row: Readonly<Record<string, unknown>>) => unknown[] | RowFault

/** A value that cannot be kept. */
export class RowFault {
  readonly column: string
  readonly fault: Fault
  constructor(column: string, fault: Fault) {
    this.column = column
    this.fault = fault
  }
}

const MISSING = new Fault('is missing')

/** The value of that name as code. A row without the column must not answer with what every object has, such as `constructor`. */
const found = (name: string): string => {
  const key = JSON.stringify(name)
  return name in Object.prototype ? `(Object.hasOwn(row, ${key}) ? row[${key}] : null)` : `row[${key}]`
}

/**
 * Writes out the reader of a row as code, once for each dataset: no loop over columns and no look-up by name, which is several times faster
 * and runs for every row of a load. Only names get into the code, and those as JSON.
 */
export function compileReadRow(columns: readonly ReadColumn[]): ReadRow {
  const steps = columns.map(({ name, nullable, rule }, index) => {
    const fault = (what: string): string => `return new RowFault(${JSON.stringify(name)}, ${what})`
    const checked = rule === null ? '' : `else { v = rules[${index}](v); if (v instanceof Fault) ${fault('v')} }`
    return `v = ${found(name)}; if (v === undefined || v === null) { ${nullable ? 'v = null' : fault('MISSING')} } ${checked} const v${index} = v`
  })
  const body = `return (row) => { let v; ${steps.join('\n')}\nreturn [${columns.map((_, index) => `v${index}`).join(', ')}] }`
  const make = new Function('rules', 'Fault', 'RowFault', 'MISSING', body) as (...known: unknown[]) => ReadRow
  return make(
    columns.map((column) => column.rule),
    Fault,
    RowFault,
    MISSING,
  )
}
