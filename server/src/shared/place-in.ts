import { relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** File and line of the first place of a stack that lies in the folder. Modules that were imported have a query behind their file. */
export function placeIn(folder: string, stack: string): string | null {
  for (const [, where = '', line] of stack.matchAll(/((?:file:\/\/)?\/[^\s():?]+)(?:\?[^\s():]*)?:(\d+)/g)) {
    const path = where.startsWith('file:') ? fileURLToPath(where) : where
    if (path.startsWith(folder + sep)) return `${relative(folder, path)}, line ${line}`
  }
  return null
}
