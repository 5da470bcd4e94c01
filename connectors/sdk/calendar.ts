const DASH = 45
const COLON = 58
const NO_NUMBER = -1

/** True when the first ten characters are a day of the calendar, `YYYY-MM-DD`, years 0001 to 9999. */
export function startsWithDay(text: string): boolean {
  const year = numberAt(text, 0, 4)
  const month = numberAt(text, 5, 7)
  const day = numberAt(text, 8, 10)
  if (text.charCodeAt(4) !== DASH || text.charCodeAt(7) !== DASH) return false
  return year > 0 && month > 0 && month <= 12 && day > 0 && day <= daysOf(year, month)
}

/** True when characters 12 to 19 are a time of day, `HH:MM:SS`. Leap seconds have no place in a calendar of milliseconds. */
export function hasTimeOfDay(text: string): boolean {
  const hour = numberAt(text, 11, 13)
  const minute = numberAt(text, 14, 16)
  const second = numberAt(text, 17, 19)
  if (text.charCodeAt(13) !== COLON || text.charCodeAt(16) !== COLON) return false
  return hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60
}

/** The number that these digits write; -1 when one of them is no digit. By hand, because this runs for every value of a load. */
export function numberAt(text: string, from: number, to: number): number {
  let number = 0
  for (let at = from; at < to; at++) {
    const digit = text.charCodeAt(at) - 48
    if (!(digit >= 0 && digit <= 9)) return NO_NUMBER
    number = number * 10 + digit
  }
  return number
}

function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}
