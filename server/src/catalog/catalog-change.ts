import type { Opened } from './open-connectors.ts'

/** What a reload found to be different, by names of connectors in the order of the folders. */
export interface CatalogChange {
  readonly added: readonly string[]
  /** Also one that is broken now, or mended. */
  readonly changed: readonly string[]
  readonly removed: readonly string[]
  /** Every connector that cannot be used now, also those that could not be used before, each with a sentence. */
  readonly broken: readonly { readonly name: string; readonly problem: string }[]
}

/** Compares two openings of the same folders. */
export function changeBetween(before: readonly Opened[], now: readonly Opened[]): CatalogChange {
  const twin = (list: readonly Opened[], { folder }: Opened) => list.find((each) => each.folder === folder)
  const names = (list: readonly Opened[]) => list.map(({ name }) => name)
  return {
    added: names(now.filter((each) => twin(before, each) === undefined)),
    changed: names(now.filter((each) => differs(twin(before, each), each))),
    removed: names(before.filter((each) => twin(now, each) === undefined)),
    broken: now.flatMap(({ name, error }) => (error === null ? [] : [{ name, problem: error.message }])),
  }
}

/** Whether anything is different. */
export const isChange = ({ added, changed, removed }: CatalogChange): boolean => added.length + changed.length + removed.length > 0

const differs = (before: Opened | undefined, now: Opened): boolean =>
  before !== undefined && (before.connector !== now.connector || before.error?.message !== now.error?.message)
