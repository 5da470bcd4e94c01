import { describe, expect, it } from 'vitest'
import { searchColumns } from './dictionary.ts'
import type { Column } from './types.ts'

const column = (name: string, more: Partial<Column> = {}): Column => ({
  ...{ name, title: name, about: '', kind: 'text', nullable: true, key: false, unit: null, role: null, personal: false, values: null },
  ...more,
})
const orders = {
  ...{ sourceSlug: 'shop', name: 'orders', title: 'Orders', about: 'One row per order.', table: 'shop__orders' },
  columns: [column('id'), column('total', { about: 'Sum with VAT', unit: 'SEK' }), column('buyer', { title: 'Köpare', personal: true })],
}
const quakes = {
  ...{ sourceSlug: 'usgs', name: 'quakes', title: 'Earthquakes', about: 'One row per earthquake.', table: 'usgs__quakes' },
  columns: [column('mag', { about: 'Magnitude' }), column('status', { values: ['reviewed', 'automatic'] })],
}
const note = {
  ...{ id: '1', sourceSlug: 'shop', dataset: 'orders', column: 'id', load: null, by: null, at: '', text: 'Jumps in July' },
}
const find = (search: string) =>
  searchColumns([orders, quakes], search, [note]).map(({ dataset, columns }) => [dataset.name, columns.map(({ name }) => name)])

describe('the dictionary', () => {
  it.each([
    [
      '',
      [
        ['orders', ['id', 'total', 'buyer']],
        ['quakes', ['mag', 'status']],
      ],
    ],
    ['sek', [['orders', ['total']]]],
    ['ORDERS', [['orders', ['id', 'total', 'buyer']]]],
    ['orders vat', [['orders', ['total']]]],
    ['kopare', [['orders', ['buyer']]]],
    ['personal', [['orders', ['buyer']]]],
    ['reviewed', [['quakes', ['status']]]],
    ['july', [['orders', ['id']]]],
    ['sek magnitude', []],
    ['shop__orders', [['orders', ['id', 'total', 'buyer']]]],
  ])('finds by "%s"', (search, found) => {
    expect(find(search)).toEqual(found)
  })
})
