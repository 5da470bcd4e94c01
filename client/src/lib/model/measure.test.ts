import { expect, it } from 'vitest'
import { isMeasure } from './measure.ts'

const column = (name: string, more = {}) => ({ name, kind: 'int' as const, key: false, role: null, ...more })

it('takes numbers for measures, but no keys, positions and identifiers', () => {
  expect(isMeasure(column('wait'))).toBe(true)
  expect(isMeasure(column('paid', { kind: 'decimal' }))).toBe(true)
  for (const name of ['id', 'ride_id', 'rideId']) expect(isMeasure(column(name))).toBe(false)
  expect(isMeasure(column('number', { key: true }))).toBe(false)
  expect(isMeasure(column('lat', { kind: 'double', role: 'latitude' }))).toBe(false)
  expect(isMeasure(column('name', { kind: 'text' }))).toBe(false)
})
