import type { ReaderSetting } from './types.ts'

const DAY = 86_400_000

/** Formats numbers and times in the reader's own language and zone. Pure: the same value gives the same text. */
export class Format {
  readonly locale: string
  readonly timeZone: string
  private readonly cache = new Map<string, Intl.DateTimeFormat>()

  constructor(setting: ReaderSetting) {
    this.locale = setting.locale
    this.timeZone = setting.timeZone
  }

  /** `9,142`, with a true minus sign; text that is no number stays as it is. */
  number(value: number | string | null | undefined, options: Intl.NumberFormatOptions = {}): string {
    const number = Number(value)
    if (value === null || value === undefined || !Number.isFinite(number)) return String(value ?? '')
    // Longer whole numbers than a double holds come as text, and keep every digit.
    const exact = typeof value === 'string' && /^-?\d{16,}$/.test(value) ? BigInt(value) : number
    return new Intl.NumberFormat(this.locale, { maximumFractionDigits: 6, ...options }).format(exact).replace('-', '−')
  }

  /** `83 %` in the reader's way; `share` is between 0 and 1. Never says all or nothing unless it is. */
  percent(share: number): string {
    const rounded = share > 0 && share < 0.01 ? 0.01 : share < 1 && share > 0.99 ? 0.99 : share
    return new Intl.NumberFormat(this.locale, { style: 'percent', maximumFractionDigits: 0 }).format(rounded)
  }

  /** `6.9 MB` */
  bytes(value: number | string): string {
    const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte']
    let size = Number(value)
    let unit = 0
    while (size >= 1000 && unit < units.length - 1) {
      size /= 1000
      unit += 1
    }
    const options = {
      style: 'unit',
      unit: units[unit],
      unitDisplay: unit ? 'short' : 'long',
      maximumFractionDigits: size < 10 && unit ? 1 : 0,
    }
    return new Intl.NumberFormat(this.locale, options as Intl.NumberFormatOptions).format(size)
  }

  /** `11:20` */
  clock(at: Date | string): string {
    return this.part({ timeStyle: 'short' }).format(new Date(at))
  }

  /** `08:00`, or `8 AM` where hours are said so: short, for an axis. */
  hour(at: Date | string): string {
    const twelve = new Intl.DateTimeFormat(this.locale, { hour: 'numeric' }).resolvedOptions().hour12
    return this.part(twelve ? { hour: 'numeric' } : { hour: '2-digit', minute: '2-digit' }).format(new Date(at))
  }

  /** `11:20:04` */
  second(at: Date | string): string {
    return this.part({ timeStyle: 'medium' }).format(new Date(at))
  }

  /** `Thursday 5 June` */
  weekday(at: Date | string): string {
    return this.part({ weekday: 'long', day: 'numeric', month: 'long' }).format(new Date(at))
  }

  /** `11:20` today, `yesterday 11:20`, `tomorrow 11:20`, else `5 June, 11:20`. */
  moment(at: Date | string, now: Date): string {
    const days = this.daysBetween(now, new Date(at))
    if (days === 0) return this.clock(at)
    if (days === -1) return `yesterday ${this.clock(at)}`
    if (days === 1) return `tomorrow ${this.clock(at)}`
    return `${this.day(at, now)}, ${this.clock(at)}`
  }

  /** As a place in a sentence: `at 11:20 today`, `yesterday at 11:20`, `on 5 June at 11:20`. */
  when(at: Date | string, now: Date): string {
    const days = this.daysBetween(now, new Date(at))
    if (days === 0) return `at ${this.clock(at)} today`
    if (days === -1) return `yesterday at ${this.clock(at)}`
    if (days === 1) return `tomorrow at ${this.clock(at)}`
    return `on ${this.day(at, now)} at ${this.clock(at)}`
  }

  /** `5 June`, with the year when it is not this one. */
  day(at: Date | string, now: Date): string {
    const year = this.part({ year: 'numeric' })
    const sameYear = year.format(new Date(at)) === year.format(now)
    return this.part({ day: 'numeric', month: 'long', ...(sameYear ? {} : { year: 'numeric' }) }).format(new Date(at))
  }

  /** A calendar date `YYYY-MM-DD`, which has no zone: `23 June 1972`. */
  date(value: string): string {
    const at = new Date(`${value}T00:00:00Z`)
    if (Number.isNaN(at.getTime())) return value
    return this.part({ day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' }).format(at)
  }

  /** An instant in a table: `5 Jun 2025, 05:18`, in the reader's zone. */
  instant(value: string): string {
    const at = new Date(value)
    if (Number.isNaN(at.getTime())) return value
    return this.part({ dateStyle: 'medium', timeStyle: 'short' }).format(at)
  }

  /** `2 minutes`, `3 hours`, `4 days`: one unit, rounded down. */
  duration(milliseconds: number): string {
    const seconds = Math.max(0, Math.round(milliseconds / 1000))
    const [size, unit] =
      seconds < 90
        ? [seconds, 'second']
        : seconds < 5400
          ? [seconds / 60, 'minute']
          : seconds < 172_800
            ? [seconds / 3600, 'hour']
            : [seconds / 86_400, 'day']
    return new Intl.NumberFormat(this.locale, { style: 'unit', unit: String(unit), unitDisplay: 'long', maximumFractionDigits: 0 }).format(
      Math.floor(Number(size)),
    )
  }

  /** `32.23° north, 17.50° east` */
  position(latitude: number, longitude: number): string {
    const degrees = (value: number) => `${this.number(Math.abs(value), { minimumFractionDigits: 2, maximumFractionDigits: 2 })}°`
    return `${degrees(latitude)} ${latitude < 0 ? 'south' : 'north'}, ${degrees(longitude)} ${longitude < 0 ? 'west' : 'east'}`
  }

  private daysBetween(from: Date, to: Date): number {
    return Math.round((this.dayNumber(to) - this.dayNumber(from)) / DAY)
  }

  private dayNumber(at: Date): number {
    return Date.parse(`${dayOf(at, this.timeZone)}T00:00:00Z`)
  }

  private part(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
    const key = JSON.stringify(options)
    const known = this.cache.get(key)
    if (known) return known
    const made = new Intl.DateTimeFormat(this.locale, { timeZone: this.timeZone, ...options })
    this.cache.set(key, made)
    return made
  }
}

/** `12 minutes`: a number with what it is counted in, kept on one line; a percent sign stands close. */
export function withUnit(number: string, unit: string | null): string {
  if (!unit || number === '') return number
  return unit === '%' ? `${number}%` : `${number}\u00a0${unit}`
}

/** The calendar day of an instant in a zone, as `YYYY-MM-DD`. */
export function dayOf(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at)
}

/** The instants at which the reader's day begins and ends; a day of a clock change has 23 or 25 hours. */
export function dayBounds(at: Date, timeZone: string): { start: Date; end: Date } {
  const day = dayOf(at, timeZone)
  return { start: midnight(day, timeZone), end: midnight(dayAfter(day), timeZone) }
}

/** The calendar day after `YYYY-MM-DD`. */
export function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + DAY).toISOString().slice(0, 10)
}

/** The first instant of a calendar day in a zone: guessed by the offset, then corrected once by the offset at the guess. */
export function midnight(day: string, timeZone: string): Date {
  const wall = Date.parse(`${day}T00:00:00Z`)
  const guess = wall - offset(new Date(wall), timeZone)
  return new Date(wall - offset(new Date(guess), timeZone))
}

/** How far the zone's clock is ahead of UTC at an instant, in milliseconds. */
function offset(at: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at)
  const read = (type: string) => Number(parts.find((part) => part.type === type)?.value)
  const wall = Date.UTC(read('year'), read('month') - 1, read('day'), read('hour'), read('minute'), read('second'))
  return wall - Math.floor(at.getTime() / 1000) * 1000
}
