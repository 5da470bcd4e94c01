import type { Column, Role } from '@handover/sdk'

/** Last words of names that name a thing: `rideId`, `card_no`, `number`, and in Swedish `kortnummer`. */
const NAMING = new Set(['id', 'no', 'nr', 'num', 'number', 'nummer', 'code', 'kod', 'key'])
/** The same where a name is written in one word, as far as no word of measuring ends so. */
const ENDING = /(?:number|nummer|code|kod)$/

/**
 * What a column means: what it declares, else whether it names a thing. That is a guess by its name, for datasets that nobody has described:
 * numbers without a unit whose name says so (`card_no`), or whole numbers called like another dataset of the source (`branch` beside `branches`).
 */
export function roleOf(column: Pick<Column, 'name' | 'kind' | 'role' | 'unit'>, datasets: readonly string[]): Role | null {
  const { name, kind, role, unit } = column
  if (role !== null || unit !== null || !['int', 'double', 'decimal'].includes(kind)) return role
  const names = namesThing(name) || (kind === 'int' && datasets.some((dataset) => isOneOf(name, dataset)))
  return names ? 'identifier' : null
}

function namesThing(name: string): boolean {
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase()
  const last = words.split(/[^a-z0-9]+/).at(-1)!
  return NAMING.has(last) || ENDING.test(last)
}

/** Whether a column is called like one row of a dataset, in the usual ways to build a plural. */
function isOneOf(column: string, dataset: string): boolean {
  const [one, many] = [plain(column), plain(dataset)]
  return [one, `${one}s`, `${one}es`, one.replace(/y$/, 'ies')].includes(many)
}

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '')
