import { boardOf } from '#lib/model/boards.ts'
import { needsLook } from '#lib/model/sources-verdict.ts'
import type { Column, SourceState } from '#lib/model/types.ts'
import { ask } from '#lib/server/api.ts'
import type { LayoutServerLoad } from './$types'

const NAVIGATION = `query Navigation {
  datasets { sourceSlug name title columns { kind role } }
  sources { state quarantined }
  platform { version }
}`

interface Navigation {
  datasets: { sourceSlug: string; name: string; title: string; columns: Pick<Column, 'kind' | 'role'>[] }[]
  sources: { state: SourceState; quarantined: number }[]
  platform: { version: string }
}

/** The frame of every page. It stands even when the server does not answer; the page inside then says so. */
export const load: LayoutServerLoad = async ({ locals }) => {
  const navigation = await ask<Navigation>(NAVIGATION).catch(() => null)
  const sources = navigation?.sources ?? []
  return {
    reader: locals.reader,
    theme: locals.theme,
    at: new Date().toISOString(),
    boards: (navigation?.datasets ?? []).map(boardOf),
    /** What waits for a person, as numbers beside the links. */
    badges: {
      sources: sources.filter((source) => needsLook(source.state)).length,
      aside: sources.reduce((sum, source) => sum + source.quarantined, 0),
    },
    version: navigation?.platform.version ?? null,
  }
}
