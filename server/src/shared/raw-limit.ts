/** How much of the lake is kept: so many milliseconds of time, or so many bytes. */
export type RawLimit = { readonly age: number } | { readonly bytes: number }

const DAY_MS = 86_400_000
const SIZES = { MB: 1e6, GB: 1e9, TB: 1e12 }

/** Reads `365d` or `50GB`; null when it is neither. */
export function readRawLimit(text: string): RawLimit | null {
  const [, number, unit] = /^([1-9]\d{0,5})(d|MB|GB|TB)$/.exec(text) ?? []
  if (number === undefined) return null
  return unit === 'd' ? { age: Number(number) * DAY_MS } : { bytes: Number(number) * SIZES[unit as keyof typeof SIZES] }
}
