import { expect, it } from 'vitest'
import type { Page } from './contract.ts'
import { SourceError } from './errors.ts'
import type { HttpPage } from './http.ts'
import { recordPages } from './record-pages.ts'

async function* pages(...bodies: unknown[]): AsyncGenerator<HttpPage> {
  for (const body of bodies) yield { body, request: 'GET https://a.test/' } as HttpPage
}
async function all(...given: Parameters<typeof recordPages>): Promise<Page[]> {
  const read: Page[] = []
  for await (const page of recordPages(...given)) read.push(page)
  return read
}

it('takes the list and the cursor from where they stand', async () => {
  expect(await all(pages([1, 2]))).toEqual([{ records: [1, 2], request: 'GET https://a.test/' }])
  const bodies = [{ data: { items: [1] }, newest: 'a' }, { data: { items: [] } }]
  expect(await all(pages(...bodies), { at: 'data.items', cursor: 'newest' })).toEqual([
    { records: [1], request: 'GET https://a.test/', cursor: 'a' },
    { records: [], request: 'GET https://a.test/' },
  ])
})

it('refuses an answer without a list with a sentence that says where it looked', async () => {
  await expect(all(pages({ message: 'quota' }), { at: 'items' })).rejects.toThrow(SourceError)
  await expect(all(pages({ message: 'quota' }), { at: 'items' })).rejects.toThrow(
    'without a list of records at "items". It was asked: GET https://a.test/',
  )
  await expect(all(pages(null))).rejects.toThrow('without a list of records.')
})
