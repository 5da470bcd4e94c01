const MOST_EDITS = 2

/** The known name that a mistyped one was meant to be; null when none is near. */
export function nearest(name: string, known: readonly string[]): string | null {
  const small = name.toLowerCase()
  const ranked = known.map((each) => ({ each, edits: edits(small, each.toLowerCase()) })).sort((a, b) => a.edits - b.edits)
  const [first] = ranked
  return first !== undefined && first.edits <= Math.min(MOST_EDITS, Math.ceil(name.length / 2)) ? first.each : null
}

/** “pth” is not known here. Did you mean path? Known are: path, query. */
export function notKnown(name: string, known: readonly string[]): string {
  const meant = nearest(name, known)
  return `“${name}” is not known here. ${meant === null ? '' : `Did you mean ${meant}? `}Known are: ${known.join(', ') || 'none'}`
}

/** How many letters must be put in, taken away or changed (Levenshtein). */
function edits(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index)
  for (let i = 1; i <= one.length; i++) {
    const next = [i]
    for (let j = 1; j <= other.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (one[i - 1] === other[j - 1] ? 0 : 1)))
    row = next
  }
  return row[other.length]!
}
