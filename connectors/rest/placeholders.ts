/** What fills the places in braces of a path or a query value. */
export type Fill = (name: string) => unknown

const PLACE = /\{([^{}]*)\}/g

/** The names that stand in braces: `/orders/{parent.id}` has `parent.id`. */
export const placesIn = (text: string): string[] => [...text.matchAll(PLACE)].map(([, name]) => name!.trim())

/** What stands for the value that a stream in parts is asked for. */
export const PARTITION = 'partition'

/** The column of the row above (the parent's, or the part) that a place names; null when it names something else. */
export const columnAbove = (place: string): string | null => (place === PARTITION ? PARTITION : (/^parent\.(.+)$/.exec(place)?.[1] ?? null))

/** The text with its places filled; null when one of them has no value. */
export function filled(text: string, fill: Fill, encode: (value: string) => string = (value) => value): string | null {
  let isComplete = true
  const made = text.replace(PLACE, (_, name: string) => {
    const value = fill(name.trim())
    if (value === null || value === undefined || value === '') isComplete = false
    return encode(String(value))
  })
  return isComplete ? made : null
}
