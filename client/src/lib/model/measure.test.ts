import { expect, it } from 'vitest'
import { isIdentifier, isMeasure } from './measure.ts'

const column = (more = {}) => ({ kind: 'int' as const, key: false, role: null, personal: false, ...more })

it('takes numbers for measures, but no keys, positions and identifiers, and nothing about a person', () => {
  expect(isMeasure(column())).toBe(true)
  expect(isMeasure(column({ kind: 'decimal' }))).toBe(true)
  expect(isMeasure(column({ role: 'identifier' }))).toBe(false)
  expect(isMeasure(column({ personal: true }))).toBe(false)
  expect(isMeasure(column({ key: true }))).toBe(false)
  expect(isMeasure(column({ kind: 'double', role: 'latitude' }))).toBe(false)
  expect(isMeasure(column({ kind: 'text' }))).toBe(false)
})

it('takes what is told apart and never compared for an identifier', () => {
  expect([{ key: true }, { personal: true }, { role: 'identifier' }].map((more) => isIdentifier(column(more)))).toEqual([true, true, true])
  expect(isIdentifier(column())).toBe(false)
})
