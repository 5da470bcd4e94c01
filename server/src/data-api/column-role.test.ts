import { expect, it } from 'vitest'
import { roleOf } from './column-role.ts'

const column = (name: string, more: object = {}) => ({ name, kind: 'int' as const, role: null, unit: null, ...more })
const isNamed = (name: string, more: object = {}, datasets: readonly string[] = []) => roleOf(column(name, more), datasets) === 'identifier'

it('takes numbers whose name says so for names of things', () => {
  const names = [
    'id',
    'ride_id',
    'rideId',
    'OrderID',
    'card_no',
    'cardNo',
    'Nr',
    'number',
    'branch_number',
    'kortnummer',
    'postcode',
    'key',
  ]
  for (const name of names) expect(isNamed(name), `of ${name}`).toBe(true)
  for (const name of ['wait', 'paid', 'casino', 'volcano', 'numberOfRooms', 'episode', 'monkey', 'humid'])
    expect(isNamed(name), `of ${name}`).toBe(false)
})

it('takes whole numbers that are called like another dataset for references to it', () => {
  const datasets = ['branches', 'loans', 'opening_hours', 'categories', 'shop']
  for (const name of ['branch', 'Loan', 'openingHour', 'category', 'shop']) expect(isNamed(name, {}, datasets), `of ${name}`).toBe(true)
  expect(isNamed('branch', { kind: 'double' }, datasets)).toBe(false)
  expect(isNamed('branch', {}, ['loans'])).toBe(false)
})

it('believes what is declared, and that a number with a unit is measured', () => {
  expect(roleOf(column('rideId', { role: 'label' }), [])).toBe('label')
  expect(roleOf(column('wait', { role: 'identifier' }), [])).toBe('identifier')
  expect(isNamed('loan', { unit: 'SEK' }, ['loans'])).toBe(false)
  expect(isNamed('number', { unit: 'pieces' })).toBe(false)
  expect(isNamed('code', { kind: 'text' })).toBe(false)
})
