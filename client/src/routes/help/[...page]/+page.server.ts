import { error } from '@sveltejs/kit'
import { findHelp, helpGroups, helpPage } from '#lib/server/help.ts'
import type { PageServerLoad } from './$types'

/** One page of the docs, as they came with this version; nothing is asked of another host. */
export const load: PageServerLoad = ({ params, url }) => {
  const search = url.searchParams.get('q')?.trim().slice(0, 200) ?? ''
  const page = helpPage(params.page)
  if (page === null) error(404, { message: 'There is no such page in Help. Search for what you need, or begin at its front page.' })
  const groups = helpGroups()
  const order = groups.flatMap(({ pages }) => pages)
  const at = order.findIndex(({ path }) => path === params.page)
  const { title, html, headings } = page
  return {
    ...{ title, html, path: params.page, groups, search, found: findHelp(search) },
    headings: headings.filter(({ level }) => level === 2),
    before: order[at - 1] ?? null,
    after: order[at + 1] ?? null,
  }
}
