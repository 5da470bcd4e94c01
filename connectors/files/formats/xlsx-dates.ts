/** What a number format makes of a number: a day, a point in time, a time of day; null when it stays a number. */
export type DateStyle = 'date' | 'instant' | 'time' | null

const DAY = 86_400_000
/** Day 0 of the two systems of dates. Day 1 of the first is 1900-01-01, and day 60 is 1900-02-29, which never was: from there on all days are one off. */
const EPOCH_1900 = Date.UTC(1899, 11, 31)
const EPOCH_1904 = Date.UTC(1904, 0, 1)
const NEVER_WAS = 60
const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

/** Formats that are known by their number alone (ECMA-376, 18.8.30), with those of East Asia. */
const BUILT_IN: readonly (readonly [from: number, to: number, style: DateStyle])[] = [
  [14, 17, 'date'],
  [18, 21, 'time'],
  [22, 22, 'instant'],
  [27, 31, 'date'],
  [32, 35, 'time'],
  [36, 36, 'date'],
  [45, 45, 'time'],
  [47, 47, 'time'],
  [50, 54, 'date'],
  [55, 56, 'time'],
  [57, 58, 'date'],
]

/** The style of a format that is known by its number. */
export const builtInStyle = (id: number): DateStyle => BUILT_IN.find(([from, to]) => id >= from && id <= to)?.[2] ?? null

/** The style that a format's own code asks for, such as `yyyy\-mm\-dd` or `[$-409]h:mm AM/PM`. Lengths of time, `[h]:mm`, stay numbers of days. */
export function styleOfCode(code: string): DateStyle {
  const [first = ''] = code.replace(/"[^"]*"|\\.|_.|\*./g, '').split(';')
  if (/\[(?:h+|m+|s+)\]/i.test(first)) return null
  const bare = first.toLowerCase().replace(/\[[^\]]*\]|(?<=s)\.0+/g, '')
  if (/[0#?]/.test(bare)) return null
  const hasTime = /[hs]|am\/pm|a\/p/.test(bare)
  const hasDate = /[yd]/.test(bare) || (/m/.test(bare) && !hasTime)
  return hasDate ? (hasTime ? 'instant' : 'date') : hasTime ? 'time' : null
}

/** A number as the date, time or both that its style shows, as text; itself when it lies outside of the calendar. Times are kept to the millisecond. */
export function dateOf(serial: number, style: NonNullable<DateStyle>, is1904: boolean): string | number {
  const days = Math.floor(serial)
  const milliseconds = Math.round((serial - days) * DAY)
  if (serial < 0) return serial
  if (style === 'time' && days === 0)
    return new Date(Math.min(milliseconds, DAY - 1))
      .toISOString()
      .slice(11, -1)
      .replace(/\.000$/, '')
  if (!is1904 && days === NEVER_WAS) return '1900-02-29'
  const time = (is1904 ? EPOCH_1904 : days > NEVER_WAS ? EPOCH_1900 - DAY : EPOCH_1900) + days * DAY + milliseconds
  if (!is1904 && days === 0) return serial
  if (time > LATEST) return serial
  const text = new Date(time).toISOString()
  return style === 'date' && milliseconds === 0 ? text.slice(0, 10) : text.slice(0, -1).replace(/\.000$/, '')
}
