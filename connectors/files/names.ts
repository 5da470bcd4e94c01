import { freeName, safeName } from '@handover/sdk/infer'

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
