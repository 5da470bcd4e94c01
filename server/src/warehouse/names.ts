import { ConfigError } from '../shared/errors.ts'

const stagingSuffix = /__e\d+$/

/** Name of the table of a dataset: `web-shop` and `orders` make `web_shop__orders`. */
export function tableName(slug: string, dataset: string): string {
  const name = `${slug.replaceAll('-', '_')}__${dataset}`
  if (stagingSuffix.test(name))
    throw new ConfigError(`A dataset cannot be called "${dataset}": names that end like __e1 are kept for tables being filled.`)
  return name
}

/** Name of the table that a replace fills beside the one that is shown. */
export const stagingName = (table: string, epoch: number): string => `${table}__e${epoch}`

/** The epoch of a staging table of `table`; null for every other name. */
export function epochOf(table: string, name: string): number | null {
  const suffix = name.startsWith(table) ? name.slice(table.length) : ''
  const match = /^__e(\d+)$/.exec(suffix)
  return match ? Number(match[1]) : null
}
