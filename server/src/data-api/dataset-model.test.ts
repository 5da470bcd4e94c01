import type { Column, DatasetShape } from '@handover/sdk'
import { describe, expect, it } from 'vitest'
import { sourceModel } from './dataset-model.ts'
import { graphqlName, sourceField } from './names.ts'

const column = (name: string) => ({ name, kind: 'text', about: name, title: name, unit: null }) as unknown as Column
const table = (name: string, ...columns: string[]) => ({
  name: `shop__${name}`,
  shape: { name, title: name, about: name, from: name, key: [], load: 'append', columns: columns.map(column) } as DatasetShape,
})
const shop = { slug: 'web-shop', title: 'Web shop' }

describe('names in GraphQL', () => {
  it('make a field of a slug', () => expect(sourceField('web-shop-2')).toBe('webShop2'))

  it.each([
    ['total', 'total'],
    ['true', 'true_'],
  ])('make %j safe as %j', (name, safe) => expect(graphqlName(name)).toBe(safe))
})

describe('a source', () => {
  it('shows its datasets under safe names', () => {
    const model = sourceModel(shop, [table('orders', 'total', 'null')])
    expect(model.datasets[0]).toMatchObject({ field: 'orders', groupsField: 'ordersGroups', typeName: 'Data_webShop_orders' })
    expect(model.datasets[0]!.fields.slice(0, 2).map((field) => field.field)).toEqual(['total', 'null_'])
  })

  it.each([
    ['two columns', [table('orders', 'true', 'true_')], 'the column "true" of the dataset "orders" and the column "true_"'],
    ['a column and one that every table carries', [table('orders', '_loadId')], 'both be called "_loadId"'],
    ['two datasets', [table('null', 'x'), table('null_', 'x')], 'the dataset "null" and the dataset "null_"'],
    ['a dataset and the groups of another', [table('a', 'x'), table('aGroups', 'x')], 'both be called "aGroups"'],
    ['types', [table('a', 'x'), table('a_Where', 'x')], 'both be called "Data_webShop_a_Where"'],
  ])('is refused with a sentence when %s clash', (_, tables, sentence) => {
    expect(() => sourceModel(shop, tables)).toThrow(sentence)
  })
})
