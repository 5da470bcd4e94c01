import { expect, it } from 'vitest'
import { inWeekOrder } from './weekdays.ts'

const ordered = (...labels: string[]) => inWeekOrder(labels.map((label) => ({ label })))?.map(({ label }) => label) ?? null

it('puts weekdays in the order of the week, in English and Swedish, long and short', () => {
  expect(ordered('Sunday', 'Friday', 'Monday')).toEqual(['Monday', 'Friday', 'Sunday'])
  expect(ordered('sun', 'thurs', 'Tue', 'mon')).toEqual(['mon', 'Tue', 'thurs', 'sun'])
  expect(ordered('söndag', 'Lördag', 'måndag')).toEqual(['måndag', 'Lördag', 'söndag'])
  expect(ordered('Sön', 'tors', 'mån.')).toEqual(['mån.', 'tors', 'Sön'])
})

it('leaves everything else as it is', () => {
  expect(ordered('Monday', 'holiday')).toBeNull()
  expect(ordered('mon', 'tisdag')).toBeNull()
})
