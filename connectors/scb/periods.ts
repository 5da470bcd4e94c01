const DAY_MS = 86_400_000

/**
 * The first day of a period as the statistics write it, `YYYY-MM-DD`: a year (2024), half-year (2024H1), quarter (2024K1, 2024Q1),
 * month (2024M01), ISO week (2024V01, 2024U01, 2024W01: its Monday) or day (2024M01D15). Null for everything else, such as 2019-2023, which is no one period of the calendar.
 */
export function firstDay(period: string): string | null {
  const [, year, unit = '', number = '01', day = '01'] = /^(\d{4})(?:([HKQMVUW])(\d{1,2})(?:D(\d\d))?)?$/.exec(period) ?? []
  if (year === undefined) return null
  if (unit === '') return `${year}-01-01`
  const count = Number(number)
  if ('VUW'.includes(unit)) return monday(Number(year), count)
  const months = unit === 'H' ? 6 : unit === 'M' ? 1 : 3
  const month = (count - 1) * months + 1
  return count >= 1 && month <= 12 ? `${year}-${String(month).padStart(2, '0')}-${day}` : null
}

/** Week 1 is the one with 4 January in it (ISO 8601). */
function monday(year: number, week: number): string | null {
  if (week < 1 || week > 53) return null
  const fourth = new Date(Date.UTC(year, 0, 4))
  const sinceMonday = (fourth.getUTCDay() + 6) % 7
  return new Date(fourth.getTime() + ((week - 1) * 7 - sinceMonday) * DAY_MS).toISOString().slice(0, 10)
}
