import { describe, expect, it } from 'vitest'
import { bare, choicesOf, loadVariables, readLoadFilters } from './load-filters.ts'

const sources = [{ slug: 'users', title: 'Users' }]
const params = (text: string) => new URLSearchParams(text)
const now = new Date('2026-03-01T12:00:00.000Z')

describe('the filters of the list of loads', () => {
  it('read as sentences, in the order of the form', () => {
    const said = (text: string) => readLoadFilters(params(text), sources).map((filter) => filter.said)
    expect(said('since=today&state=failed&source=users&by=clock')).toEqual(['of Users', 'that failed', 'started by the clock', 'of today'])
    expect(said('source=gone')).toEqual(['of gone'])
    expect(said('state=odd&since=&by=')).toEqual([])
  })

  it('are asked for in the words of the API, days in the zone of the reader', () => {
    expect(loadVariables(params('source=users&state=active&by=retry&since=week&older=x&newer=y'), now, 'Europe/Stockholm')).toEqual({
      source: 'users',
      state: ['QUEUED', 'RUNNING'],
      trigger: 'RETRY',
      since: '2026-02-22T23:00:00.000Z',
      after: 'x',
      before: null,
      first: 50,
    })
    expect(loadVariables(params('newer=y&state=odd'), now, 'UTC')).toMatchObject({ source: null, state: null, since: null, before: 'y' })
  })

  it('are listed in a form without the words that join them to a sentence', () => {
    const texts = choicesOf(sources).flatMap(({ choices }) => choices.map(bare))
    expect(texts).toEqual(expect.arrayContaining(['Users', 'Failed', 'By the clock', 'Today', 'The last 7 days']))
  })
})
