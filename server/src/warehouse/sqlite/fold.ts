/**
 * Spellings to look for in text that went through SQLite's `lower`, which knows A to Z only: all other letters in lower case, and all in
 * upper case. "åsa" so finds "Åsa" and "ÅSA", without a function call back into JavaScript for every row.
 */
export function caseVariants(part: string): string[] {
  const lower = part.toLowerCase()
  const upper = part.replace(/[^\0-\x7f]+/gu, (letters) => letters.toUpperCase()).replace(/[A-Z]/g, (letter) => letter.toLowerCase())
  const asIs = part.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
  return [...new Set([asIs, lower, upper])]
}
