import { expect, test } from 'vitest'
import { checkFirst, decodeCursor, encodeCursor, pageOf } from './paging.ts'

test('cursors carry any JSON value in letters that are safe in a URL', () => {
  const value = ['ÿÿÿ???', 1, null, { a: '👩‍👧' }]
  expect(encodeCursor(value)).toMatch(/^[\w-]+$/)
  expect(decodeCursor(encodeCursor(value))).toEqual(value)
})

test.each(['', 'nonsense', '%%%', Buffer.from('{"a":').toString('base64url')])('refuses %j, which is no cursor', (cursor) => {
  expect(() => decodeCursor(cursor)).toThrow('This is not a cursor of Handover.')
})

test('knows from one row more than asked for whether there is a next page', () => {
  const cursorOf = (n: number) => n
  expect(pageOf([1, 2, 3], 2, cursorOf)).toEqual({ nodes: [1, 2], hasNextPage: true, endCursor: encodeCursor(2) })
  expect(pageOf([1, 2], 2, cursorOf)).toEqual({ nodes: [1, 2], hasNextPage: false, endCursor: encodeCursor(2) })
  expect(pageOf([], 2, cursorOf)).toEqual({ nodes: [], hasNextPage: false, endCursor: null })
})

test.each([0, -1, 1.5, 1001, Number.NaN])('refuses a page of %d', (first) => {
  expect(() => checkFirst(first)).toThrow(`A page holds 1 to 1000 entries; ${first} were asked for.`)
})
