import { describe, expect, it } from 'vitest'
import { fileLink, readColumns } from './file.ts'

const dataset = { sourceSlug: 'web-shop', name: 'items' }

describe('the address of a file', () => {
  it('names the whole dataset, or what is asked of it', () => {
    expect(fileLink(dataset, { columns: null, where: null, orderBy: null })).toBe('/export/web-shop/items.csv')
    const where = { and: [{ name: { contains: 'a&b "c"' } }] }
    const orderBy = [{ column: 'id', direction: 'DESC' }]
    const link = new URL(fileLink(dataset, { columns: ['id', 'name'], where, orderBy }), 'http://page')
    expect(link.pathname).toBe('/export/web-shop/items.csv')
    expect(link.searchParams.get('columns')).toBe('id,name')
    expect(JSON.parse(link.searchParams.get('where')!)).toEqual(where)
    expect(JSON.parse(link.searchParams.get('orderBy')!)).toEqual(orderBy)
  })
})

describe('the columns of an address', () => {
  const columns = ['id', 'name', 'price'].map((name) => ({ name }))

  it.each([
    ['', null],
    ['columns=', null],
    ['columns=nothing', null],
    ['columns=price,id,nothing', ['id', 'price']],
    ['columns=id,name,price', null],
  ])('%s', (query, chosen) => {
    expect(readColumns(new URLSearchParams(query), columns)).toEqual(chosen)
  })
})
