import type { Table } from '../warehouse/warehouse.service.ts'
import { ConfigError, ConflictError } from '../shared/errors.ts'

/** How a source is called outside of this feature; the composition root knows the API. */
export interface SourceNames {
  /** Field of a source in GraphQL: `web-shop` becomes `webShop`. */
  fieldOf(slug: string): string
  /** Fields that the API keeps for itself. */
  readonly reserved: readonly string[]
}

/** Letters of the longest slug. */
export const LONGEST_SLUG = 31
const SLUG = /^[a-z][a-z0-9-]{1,30}$/
/** MySQL's limit; the longest name decides. */
const LONGEST_TABLE = 64
/** Room for the ending of the table that a replace fills: `__e` and an epoch of nine digits. */
const STAGING_ENDING = 12
const LONGEST_TITLE = 191

const fieldFault = (name: string, message: string): { fields: { name: string; message: string }[] } => ({ fields: [{ name, message }] })

/** Checks the name of a new source against the rule and against the sources there are. */
export function checkSlug(slug: string, taken: readonly string[], names: SourceNames): void {
  const refuse = (message: string) => new ConfigError(message, fieldFault('slug', message))
  if (!SLUG.test(slug)) {
    throw refuse('A name is 2 to 31 small letters, digits or dashes and begins with a letter, for example "web-shop".')
  }
  if (slug.endsWith('-') || slug.includes('--')) throw refuse('A name neither ends with a dash nor has two in a row.')
  if (/^sqlite(-|$)/.test(slug)) throw refuse('Names that begin with "sqlite" belong to the database. Choose another one.')
  if (slug === 'new') throw refuse('"new" is an address of the dashboard itself. Choose another name.')
  const field = names.fieldOf(slug)
  if (names.reserved.includes(field)) throw refuse(`"${slug}" is a word of the API itself. Choose another name.`)
  const clash = (message: string) => new ConflictError(message, fieldFault('slug', message))
  if (taken.includes(slug)) throw clash(`There is a source called "${slug}" already. Choose another name.`)
  const twin = taken.find((other) => names.fieldOf(other) === field)
  if (twin !== undefined)
    throw clash(`"${slug}" and the source "${twin}" would have the same name in the API (${field}). Choose another name.`)
}

/** Checks the title that people read. Gives it without blanks around it. */
export function checkTitle(title: string): string {
  const text = title.trim()
  if (text.length >= 1 && text.length <= LONGEST_TITLE) return text
  const message = `A title has 1 to ${LONGEST_TITLE} characters.`
  throw new ConfigError(message, fieldFault('title', message))
}

/** Checks that every database can hold tables of these names, and that they differ by more than capitals. */
export function checkTables(tables: readonly Table[]): void {
  const seen = new Set<string>()
  for (const { name, shape } of tables) {
    if (name.length + (shape.load === 'replace' ? STAGING_ENDING : 0) > LONGEST_TABLE) {
      const message = `The dataset "${shape.name}" would need the table ${name}, whose name is too long. Choose a shorter name for the source.`
      throw new ConfigError(message, fieldFault('slug', message))
    }
    if (seen.has(name.toLowerCase())) throw new ConfigError(`Two datasets of this source would fill the same table ${name}.`)
    seen.add(name.toLowerCase())
  }
}
