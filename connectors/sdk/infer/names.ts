/** Words that filters of the API need for themselves. */
const RESERVED = new Set(['and', 'or', 'not', 'true', 'false', 'null'])
const LONGEST = 60

/** A name for a column made from any text: letters of English, digits and `_`, a letter first. `Pris (kr)` becomes `Pris_kr`, `åäö` becomes `aao`. */
export function safeName(text: string, otherwise: string): string {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, LONGEST - 5)
  if (plain === '') return otherwise
  if (/^\d/.test(plain)) return `n${plain}`
  return RESERVED.has(plain.toLowerCase()) ? `${plain}_` : plain
}

/** The name itself, or with a number behind when it is taken; databases take `Id` and `id` for the same. Adds what it gives to `taken`. */
export function freeName(name: string, taken: Set<string>): string {
  let free = name
  for (let number = 2; taken.has(free.toLowerCase()); number++) free = `${name}_${number}`
  taken.add(free.toLowerCase())
  return free
}
