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

/** The names of a header row: blank ones get their place, twins a number. */
export function headerNames(cells: readonly (string | null)[]): string[] {
  const taken = new Set<string>()
  return cells.map((cell, index) => {
    const name = (cell ?? '').trim()
    // An object takes `__proto__` for something else than a name.
    return freeName(name === '' ? `column ${index + 1}` : name === '__proto__' ? 'proto' : name, taken)
  })
}

/** A name for the dataset, made from the last part of the folder. */
export function datasetName(folder: string): string {
  const last = folder.split('/').findLast((part) => part !== '' && part !== '.') ?? ''
  const name = safeName(last, 'files').slice(0, 40)
  return name.charAt(0).toLowerCase() + name.slice(1)
}
