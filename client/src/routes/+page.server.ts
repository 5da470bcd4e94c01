import { dayBounds } from '#lib/model/format.ts'
import { boardOf } from '#lib/model/boards.ts'
import { lookedBefore, type Changed } from '#lib/model/seen.ts'
import type { Dataset, LoadMark, Source, TrendPoint } from '#lib/model/types.ts'
import { ask } from '#lib/server/api.ts'
import { DATASET, SOURCE } from '#lib/server/fields.ts'
import { loadNow } from '#lib/server/load-now.ts'
import { previewOf } from '#lib/server/previews.ts'
import type { Actions, PageServerLoad } from './$types'

const OVERVIEW = `query Overview($start: DateTime!, $now: DateTime!, $end: DateTime!, $since: DateTime!) {
  sources { ${SOURCE}
    past: due(from: $start, to: $now)
    due(from: $now, to: $end)
    loads(since: $start, first: 1000) { id state waits plannedAt queuedAt startedAt finishedAt }
  }
  datasets { ${DATASET} trend { at rows } source { state stateText } }
  platform { version startedAt lakeParts lakeBytes }
  changed: changedSince(since: $since) { sourceSlug dataset inserted updated removed setAside columns text }
}`

interface Overview {
  sources: (Source & { past: string[]; due: string[]; loads: LoadMark[] })[]
  datasets: (Dataset & { trend: TrendPoint[]; source: Pick<Source, 'state' | 'stateText'> })[]
  changed: Changed[]
  platform: { version: string; startedAt: string; lakeParts: number; lakeBytes: number | string }
}

/** Everything the overview says, asked at once; the small pictures of the cards follow by themselves. */
export const load: PageServerLoad = async ({ locals, cookies }) => {
  const now = new Date()
  const day = dayBounds(now, locals.reader.timeZone)
  const before = lookedBefore(cookies.get('seen'))
  const { sources, datasets, platform, changed } = await ask<Overview>(OVERVIEW, {
    since: before?.at ?? now.toISOString(),
    start: day.start.toISOString(),
    now: now.toISOString(),
    end: day.end.toISOString(),
  })
  return {
    sources,
    platform,
    day: { start: day.start.toISOString(), end: day.end.toISOString() },
    datasets: datasets.map((dataset) => ({ ...dataset, board: boardOf(dataset) })),
    before,
    changed,
    previews: Promise.all(datasets.map((dataset) => previewOf(dataset))),
  }
}

export const actions: Actions = { load: loadNow }
