/** A decimal number taken apart: value = ± digits × 10^exponent, without zeros at either end of `digits`; zero has no digits. */
export interface DecimalParts {
  readonly negative: boolean
  readonly digits: string
  readonly exponent: number
}

const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,9}))?$/

/** Takes number text such as `-12.50` or `1e3` apart without losing a digit; null when it is not a number. */
export function decimalParts(text: string): DecimalParts | null {
  const match = NUMBER.exec(text)
  if (match === null) return null
  const [, sign, whole = '', fraction = '', power = '0'] = match
  if (whole === '' && fraction === '') return null
  const all = whole + fraction
  let end = all.length
  while (end > 0 && all[end - 1] === '0') end--
  let start = 0
  while (start < end && all[start] === '0') start++
  const digits = all.slice(start, end)
  if (digits === '') return { negative: false, digits, exponent: 0 }
  return { negative: sign === '-', digits, exponent: Number(power) - fraction.length + (all.length - end) }
}

/** True when two number texts name the same number, however they are written. */
export function sameNumber(one: string, other: string): boolean {
  const a = decimalParts(one)
  const b = decimalParts(other)
  return a !== null && b !== null && a.negative === b.negative && a.digits === b.digits && a.exponent === b.exponent
}

/** The number with exactly `scale` decimals, or null when it has more; the caller has checked that it is not too large. */
export function withScale(parts: DecimalParts, scale: number): string | null {
  if (parts.digits === '') return scale === 0 ? '0' : `0.${'0'.repeat(scale)}`
  const shift = parts.exponent + scale
  if (shift < 0) return null
  const scaled = (parts.digits + '0'.repeat(shift)).padStart(scale + 1, '0')
  const cut = scaled.length - scale
  const sign = parts.negative ? '-' : ''
  return scale === 0 ? sign + scaled : `${sign}${scaled.slice(0, cut)}.${scaled.slice(cut)}`
}
