import { describe, expect, it } from 'vitest'
import { dayBounds, dayOf, Format, withUnit } from './format.ts'

const british = new Format({ locale: 'en-GB', timeZone: 'Europe/Stockholm' })
const now = new Date('2025-06-05T09:40:00Z')

const hours = (day: string) => {
  const { start, end } = dayBounds(new Date(day), 'Europe/Stockholm')
  return (end.getTime() - start.getTime()) / 3_600_000
}

describe('numbers', () => {
  it('groups thousands and uses a true minus sign', () => {
    expect(british.number(9142)).toBe('9,142')
    expect(british.number(-2.5)).toBe('−2.5')
    expect(new Format({ locale: 'de-DE', timeZone: 'UTC' }).number(9142.5)).toBe('9.142,5')
  })

  it('leaves what is no number as it is', () => {
    expect(british.number('twelve')).toBe('twelve')
    expect(british.number(null)).toBe('')
  })

  it('never rounds a part up to all or down to nothing', () => {
    expect(british.percent(0.999)).toBe('99%')
    expect(british.percent(0.001)).toBe('1%')
    expect(british.percent(1)).toBe('100%')
    expect(british.percent(0)).toBe('0%')
  })

  it('says sizes in the unit that fits', () => {
    expect(british.bytes(812)).toBe('812 bytes')
    expect(british.bytes(6_900_000)).toBe('6.9 MB')
  })
})

describe('times', () => {
  it('stand in the zone of the reader', () => {
    expect(british.clock('2025-06-05T09:20:00Z')).toBe('11:20')
    expect(new Format({ locale: 'sv-SE', timeZone: 'UTC' }).clock('2025-06-05T09:20:00Z')).toBe('09:20')
    expect(british.instant('2025-06-04T22:30:00Z')).toBe('5 Jun 2025, 00:30')
  })

  it('are named by day when they are not today', () => {
    expect(british.when('2025-06-05T09:20:00Z', now)).toBe('at 11:20 today')
    expect(british.when('2025-06-04T21:20:00Z', now)).toBe('yesterday at 23:20')
    expect(british.when('2025-06-05T22:20:00Z', now)).toBe('tomorrow at 00:20')
    expect(british.when('2024-06-01T09:20:00Z', now)).toBe('on 1 June 2024 at 11:20')
    expect(british.moment('2025-06-01T09:20:00Z', now)).toBe('1 June, 11:20')
  })

  it('take the hours of a clock with twelve as that clock says them', () => {
    expect(british.hour('2025-06-05T06:00:00Z')).toBe('08:00')
    expect(new Format({ locale: 'en-US', timeZone: 'UTC' }).hour('2025-06-05T08:00:00Z')).toBe('8 AM')
  })

  it('leave a calendar date alone, whatever the zone', () => {
    expect(new Format({ locale: 'en-GB', timeZone: 'Pacific/Auckland' }).date('1972-06-23')).toBe('23 June 1972')
  })
})

describe('the day of a reader', () => {
  it('begins and ends at their midnight', () => {
    const { start, end } = dayBounds(now, 'Europe/Stockholm')
    expect([start.toISOString(), end.toISOString()]).toEqual(['2025-06-04T22:00:00.000Z', '2025-06-05T22:00:00.000Z'])
  })

  it('has 23 hours when clocks go forward and 25 when they go back', () => {
    expect(hours('2025-03-30T12:00:00Z')).toBe(23)
    expect(hours('2025-10-26T12:00:00Z')).toBe(25)
  })

  it('is another one on the other side of the world', () => {
    expect(dayOf(new Date('2025-06-05T20:00:00Z'), 'Pacific/Auckland')).toBe('2025-06-06')
  })
})

it('says a position in words', () => {
  expect(british.position(32.2264, -17.502)).toBe('32.23° north, 17.50° west')
})

it('puts a number and its unit on one line', () => {
  expect(withUnit('12', 'minutes')).toBe('12\u00a0minutes')
  expect(withUnit('12', '%')).toBe('12%')
  expect(withUnit('12', null)).toBe('12')
})
