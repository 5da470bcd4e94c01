import { boardOf } from '#lib/model/boards.ts'
import type { Column } from '#lib/model/types.ts'
import { ask } from '#lib/server/api.ts'
import type { LayoutServerLoad } from './$types'

const NAVIGATION = `query Navigation {
  datasets { sourceSlug name title columns { kind role } }
  platform { version }
}`

interface Navigation {
  datasets: { sourceSlug: string; name: string; title: string; columns: Pick<Column, 'kind' | 'role'>[] }[]
  platform: { version: string }
}

/** The frame of every page. It stands even when the server does not answer; the page inside then says so. */
export const load: LayoutServerLoad = async ({ locals }) => {
  const navigation = await ask<Navigation>(NAVIGATION).catch(() => null)
  return {
    reader: locals.reader,
    theme: locals.theme,
    at: new Date().toISOString(),
    boards: (navigation?.datasets ?? []).map(boardOf),
    version: navigation?.platform.version ?? null,
  }
}
