import { describe, expect, it } from 'vitest'
import { offsetOfLine, placeFaultsIn, readText, removeAt, renameAt, setAt, standing } from './document-text.ts'

const TEXT = `# The API
url: https://api.example.com # version 1

streams:
  # The orders
  orders:
    path: "/orders" # all of them
    paging: { kind: page, size: 10 }
`

describe('changing a part of a text', () => {
  it('leaves every comment and everything else as it was typed', () => {
    const text = setAt(TEXT, ['streams', 'orders', 'paging', 'size'], 20)
    expect(text).toBe(TEXT.replace('10', '20'))
    expect(setAt(text, ['streams', 'orders', 'path'], '/all')).toBe(text.replace('"/orders"', '"/all"'))
    expect(removeAt(text, ['streams', 'orders', 'paging'])).toBe(text.replace(/ {4}paging.*\n/, ''))
    expect(renameAt(TEXT, ['streams', 'orders'], 'sales')).toBe(TEXT.replace('  orders:', '  sales:'))
  })

  it('makes what is not there yet, in lines of its own', () => {
    const text = setAt(setAt('', ['streams', 'orders'], {}), ['streams', 'orders', 'path'], '/orders')
    expect(text).toBe('streams:\n  orders:\n    path: /orders\n')
    expect(setAt(text, ['streams', 'orders', 'key'], ['a', 'b'])).toContain('    key: [ a, b ]\n')
    expect(setAt(text, ['streams', 'orders', 'query', 'since'], '{cursor}')).toContain('    query:\n      since: "{cursor}"\n')
    expect(removeAt(text, ['auth', 'kind'])).toBe(text)
  })
})

describe('reading a text', () => {
  it('says where it cannot be read', () => {
    expect(readText(TEXT).value['url']).toBe('https://api.example.com')
    expect(readText('a: 1\nb: [1\nc: 2').problem).toMatch(/^line [23]$/)
    expect(readText('- a').problem).toBe('line 1')
    expect(readText('')).toEqual({ value: {}, problem: null })
  })
})

describe('faults in a text', () => {
  it('have the place that was said, or that of their part', () => {
    const faults = [
      { name: 'streams.orders.path', message: 'Line 7, column 11: is wrong.' },
      { name: 'streams.orders.paging.size', message: 'Too many.' },
      { name: '', message: 'All of it.' },
    ]
    expect(placeFaultsIn(TEXT, faults)).toEqual([
      { line: 7, column: 11, path: 'streams.orders.path', message: 'is wrong.' },
      { line: 8, column: 33, path: 'streams.orders.paging.size', message: 'Too many.' },
      { line: 1, column: 1, path: '', message: 'All of it.' },
    ])
    expect(TEXT.slice(offsetOfLine(TEXT, 7, 11)).startsWith('"/orders"')).toBe(true)
  })

  it('go when their part is changed, and stay when another is', () => {
    const faults = [{ name: 'streams.orders.path', message: 'x' }]
    expect(standing(faults, TEXT, setAt(TEXT, ['url'], 'https://other.example'))).toEqual(faults)
    expect(standing(faults, TEXT, setAt(TEXT, ['streams', 'orders', 'path'], '/b'))).toEqual([])
    expect(standing([{ name: '', message: 'x' }], TEXT, `${TEXT}#`)).toEqual([])
  })
})
