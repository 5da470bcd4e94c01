import { expect, it } from 'vitest'
import { changesSince, lookedBefore } from './seen.ts'

const seen = { at: '2025-06-04T16:40:00.000Z', rows: { 'users/users': 318, 'quakes/events': 10, 'shop/orders': 5 } }

it('reads its own cookie and nothing else', () => {
  expect(lookedBefore(JSON.stringify(seen))).toEqual(seen)
  expect(
    [undefined, '', 'x', '{}', '{"at":"soon","rows":{}}', '{"at":"2025-06-04","rows":null}', 'null'].map((cookie) => lookedBefore(cookie)),
  ).toEqual(Array(7).fill(null))
})

it('tells what has changed, the largest change first, and what is new', () => {
  const datasets = [
    { sourceSlug: 'users', name: 'users', rows: 412 },
    { sourceSlug: 'quakes', name: 'events', rows: 10 },
    { sourceSlug: 'shop', name: 'orders', rows: 2 },
    { sourceSlug: 'new', name: 'table', rows: 7 },
  ]
  expect(changesSince(seen, datasets).map(({ dataset, change }) => [dataset.name, change])).toEqual([
    ['table', null],
    ['users', 94],
    ['orders', -3],
  ])
})
