import { RequestError } from './errors.ts'

/** One page of a list: `endCursor` is what `after` takes to go on. */
export interface ListPage<T> {
  readonly nodes: T[]
  readonly hasNextPage: boolean
  readonly endCursor: string | null
}

/** Writes a cursor: any JSON value as text that is safe in a URL. */
export const encodeCursor = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Reads a cursor back; refuses what is not one. */
export function decodeCursor(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch (cause) {
    throw new RequestError('This is not a cursor of Handover. Take `endCursor` of the page before, or leave `after` out.', { cause })
  }
}

/** Checks how many entries one page may have. */
export function checkFirst(first: number, most = 1000): number {
  if (Number.isInteger(first) && first >= 1 && first <= most) return first
  throw new RequestError(`A page holds 1 to ${most} entries; ${first} were asked for.`)
}

/** Makes a page of rows that were read with one more than asked for, which tells whether there is a next page. */
export function pageOf<T>(rows: readonly T[], first: number, cursorOf: (row: T) => unknown): ListPage<T> {
  const nodes = rows.slice(0, first)
  const last = nodes.at(-1)
  return { nodes, hasNextPage: rows.length > first, endCursor: last === undefined ? null : encodeCursor(cursorOf(last)) }
}
