import { json } from '@sveltejs/kit'
import { nameOf } from '#lib/server/source-drafts.ts'
import type { RequestHandler } from './$types'

/** A free slug for a title, or what is wrong with a slug. */
export const GET: RequestHandler = async ({ url }) => json(await nameOf(url.searchParams.get('title') ?? '', url.searchParams.get('slug')))
