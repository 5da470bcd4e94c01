import { describe, expect, it } from 'vitest'
import { dayMarks, dayWords, placing, type DayInput } from './day-line.ts'
import type { LoadMark, LoadState } from './types.ts'

const start = new Date('2025-06-05T00:00:00Z')
const end = new Date('2025-06-06T00:00:00Z')
const at = (time: string) => `2025-06-05T${time}:00Z`
const load = (time: string, state: LoadState = 'SUCCEEDED'): LoadMark => ({
  id: time,
  state,
  waits: state === 'HELD',
  plannedAt: at(time),
  queuedAt: at(time),
  startedAt: at(time),
  finishedAt: at(time),
})
const input = (given: Partial<DayInput>): DayInput => ({
  start,
  end,
  now: new Date(at('12:00')),
  state: 'ON_TIME',
  since: at('00:00'),
  every: null,
  createdAt: '2025-01-01T00:00:00Z',
  loads: [],
  past: [],
  due: [],
  ...given,
})
const kinds = (given: Partial<DayInput>) => dayMarks(input(given)).map((mark) => mark.kind)

describe('the day line', () => {
  it('places an instant as a share of the day and keeps it inside', () => {
    const place = placing({ start, end })
    expect(place(at('06:00'))).toBe(0.25)
    expect(place('2025-06-04T10:00:00Z')).toBe(0)
    expect(place('2025-06-07T10:00:00Z')).toBe(1)
  })

  it('draws one mark per load and one hollow mark per load to come', () => {
    expect(kinds({ loads: [load('08:00'), load('09:00')], past: [at('08:00'), at('09:00')], due: [at('13:00')] })).toEqual([
      'done',
      'done',
      'due',
    ])
  })

  it('merges loads that would touch into one band', () => {
    const loads = Array.from({ length: 30 }, (_, index) => load(`08:${String(index * 2).padStart(2, '0')}`))
    const [band, ...rest] = dayMarks(input({ every: 120, createdAt: at('08:00'), loads }))
    expect(rest).toEqual([])
    expect(band).toMatchObject({ kind: 'band', from: 8 / 24 })
    expect(band!.to).toBeCloseTo((8 * 60 + 58) / 1440)
  })

  it('keeps a failed load visible on top of its band', () => {
    const loads = [load('08:00'), load('08:02'), load('08:04', 'FAILED'), load('08:06')]
    expect(kinds({ every: 120, createdAt: at('08:00'), loads })).toEqual(['band', 'failed'])
  })

  it('shows held, stopped and running loads as what they are', () => {
    expect(kinds({ loads: [load('08:00', 'HELD'), load('09:00', 'CANCELLED'), load('11:59', 'RUNNING')] })).toEqual([
      'held',
      'stopped',
      'live',
    ])
  })

  it('counts a held load as one that waits only while it does', () => {
    const loads = [load('08:00', 'HELD'), { ...load('07:00', 'HELD'), waits: false }, load('09:00')]
    expect(kinds({ loads })).toEqual(expect.arrayContaining(['held', 'stopped']))
    expect(dayWords([], loads, 0)).toBe('1 load done today, 1 waiting for you')
    expect(dayWords([], loads.slice(1), 0)).toBe('1 load done today')
  })

  it('stripes a silence of an interval, from the load that did not come', () => {
    const marks = dayMarks(
      input({ every: 3600, createdAt: at('05:00'), loads: [load('05:00'), load('06:00'), load('10:00'), load('11:00')] }),
    )
    expect(marks[0]).toEqual({ kind: 'gap', from: 7 / 24, to: 10 / 24 })
  })

  it('stripes a fixed time at which nothing began', () => {
    const past = [at('06:00'), at('08:00'), at('10:00')]
    const marks = dayMarks(input({ loads: [load('06:00'), load('10:00')], past }))
    expect(marks[0]).toEqual({ kind: 'gap', from: 8 / 24, to: 10 / 24 })
  })

  it('does not blame a source for the time before it was made', () => {
    expect(kinds({ createdAt: at('10:00'), past: [at('06:00'), at('08:00'), at('10:00')], loads: [load('10:00')] })).toEqual(['done'])
  })

  it('stripes the time since a late load was due, until now', () => {
    const marks = dayMarks(input({ state: 'LATE', since: at('10:48'), loads: [load('09:48')] }))
    expect(marks[0]).toEqual({ kind: 'gap', from: 0.45, to: 0.5 })
  })

  it('lets an interval go on to the end of the day when the list of planned times was cut', () => {
    const due = Array.from({ length: 400 }, (_, index) => new Date(Date.parse(at('12:00')) + index * 60_000).toISOString())
    expect(dayMarks(input({ every: 60, due })).at(-1)).toMatchObject({ kind: 'due-band', to: 1 })
  })

  it('says the same in words', () => {
    const loads = [load('08:00'), load('09:00', 'FAILED')]
    expect(dayWords([{ kind: 'gap', from: 0, to: 0.1 }], loads, 3)).toBe('1 load done today, 1 failed, some missing, 3 still to come')
  })
})
