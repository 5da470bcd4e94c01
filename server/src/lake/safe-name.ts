import { createHash } from 'node:crypto'

const longest = 80

/**
 * A folder name for a stream. Plain names stay as they are; all others (a stream may be called after a file path) keep what is plain of them and
 * get a hash, so that two streams never share a folder and none leaves the lake.
 */
export function safeName(name: string): string {
  if (/^[a-z0-9][a-z0-9_-]*$/.test(name) && name.length <= longest) return name
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40)
  const hash = createHash('sha256').update(name).digest('hex').slice(0, 12)
  return plain === '' ? hash : `${plain}-${hash}`
}
