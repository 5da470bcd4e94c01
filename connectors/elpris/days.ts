const MS_PER_DAY = 86_400_000

const SWEDEN = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Stockholm', year: 'numeric', month: '2-digit', day: '2-digit' })

/** The day of the calendar in Sweden at this moment, `YYYY-MM-DD`. */
export const dayInSweden = (moment: Date): string => SWEDEN.format(moment)

/** The day that follows, `YYYY-MM-DD`. Counted without clocks, so a day of 23 or 25 hours does not matter. */
export const dayAfter = (day: string): string => new Date(Date.parse(day) + MS_PER_DAY).toISOString().slice(0, 10)
