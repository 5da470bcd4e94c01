import { describe, expect, it } from 'vitest'
import { aboutWords, noteHref, notesAt, type Note } from './notes.ts'

const note = (more: Partial<Note>): Note => ({
  ...{
    id: JSON.stringify(more),
    sourceSlug: 'shop',
    dataset: null,
    column: null,
    load: null,
    text: 'x',
    by: null,
    at: '2026-03-01T09:30:00.000Z',
  },
  ...more,
})
const [whole, orders, price, other, load] = [
  note({}),
  note({ dataset: 'orders' }),
  note({ dataset: 'orders', column: 'price' }),
  note({ dataset: 'people' }),
  note({ load: 'l1' }),
]
const all = [whole, orders, price, other, load, note({ sourceSlug: 'bank' })]
const title = (dataset: string) => dataset.toUpperCase()

describe('notes', () => {
  it('are shown where they matter', () => {
    expect(notesAt(all, { source: 'shop' })).toEqual([whole, orders, price, other, load])
    expect(notesAt(all, { source: 'shop', dataset: 'orders' })).toEqual([whole, orders, price])
    expect(notesAt(all, { source: 'shop', load: 'l1' })).toEqual([load])
  })

  it('say what they are about only where their place does not', () => {
    const at = (place: Parameters<typeof aboutWords>[1]) => [whole, orders, price, load].map((each) => aboutWords(each, place, title))
    expect(at({ source: 'shop' })).toEqual([null, 'ORDERS', 'price, a column of ORDERS', 'one of its loads'])
    expect(at({ source: 'shop', dataset: 'orders' })).toEqual(['the whole source', null, 'the column price', 'one of its loads'])
    expect(aboutWords(load, { source: 'shop', load: 'l1' }, title)).toBeNull()
    expect(at(null)).toEqual(['the whole source', 'ORDERS', 'price, a column of ORDERS', 'one of its loads'])
  })

  it('lead to their page', () => {
    expect([whole, price, load].map(noteHref)).toEqual(['/sources/shop#notes', '/data/shop/orders#notes', '/loads/l1#notes'])
  })
})
