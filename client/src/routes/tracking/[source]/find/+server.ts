import { json } from '@sveltejs/kit'
import { findPeople, getPeople } from '#lib/server/people.ts'
import type { RequestHandler } from './$types'

const MOST = 50

/** At most 50 people whose name holds the text, with the number of all who match. */
export const GET: RequestHandler = async ({ params, url }) => {
  const { dataset } = await getPeople(params.source)
  return json(await findPeople(dataset, (url.searchParams.get('q') ?? '').trim().slice(0, 100), MOST))
}
