import type { Clock } from '../shared/clock.ts'
import type { Source, SourcesService } from '../sources/sources.service.ts'
import type { KeyLoads, LoadsReader } from './loads-reader.ts'
import type { QuarantineReader } from './quarantine-reader.ts'
import { sourceState, type SourceState } from './source-state.ts'

/** How a source is, and what that is made from. */
export interface SourceOverview extends Omit<KeyLoads, 'last'> {
  readonly source: Source
  readonly state: SourceState
  /** The next planned time; null when there is none or nobody can say. */
  readonly nextAt: Date | null
  /** Open entries of the quarantine by dataset; datasets without any are left out. */
  readonly setAside: ReadonlyMap<string, number>
}

/** What overviews are made from. */
interface OverviewParts {
  readonly sources: SourcesService
  readonly loads: LoadsReader
  readonly quarantine: QuarantineReader
  readonly clock: Clock
  nextRuns(): Promise<Map<string, Date>>
}

/** How every source is, in the order of their titles. */
export async function sourceOverviews({ sources, loads, quarantine, clock, nextRuns }: OverviewParts): Promise<SourceOverview[]> {
  const next = await nextRuns()
  const [all, keyLoads, open] = await Promise.all([sources.list(), loads.allKeyLoads(), quarantine.counts()])
  const overviews: SourceOverview[] = []
  for (const source of all) {
    const { active, lastEnded, lastSuccess } = keyLoads.get(source.id) ?? { active: null, lastEnded: null, lastSuccess: null }
    const nextAt = next.get(source.id) ?? null
    const setAside = ofSlug(open, source.slug)
    const count = [...setAside.values()].reduce((sum, each) => sum + each, 0)
    const setAsideSince = count === 0 ? null : await quarantine.openSince(source.id)
    const { title, schedule, paused, createdAt, updatedAt } = source
    const state = sourceState({
      ...{ title, schedule, paused, createdAt, updatedAt, active, lastEnded, lastSuccess, nextAt, setAsideSince },
      setAside: count,
      now: clock.now(),
    })
    overviews.push({ source, state, active, lastEnded, lastSuccess, nextAt, setAside })
  }
  return overviews
}

/** Counts of one source out of those by `<slug>/<dataset>`. */
const ofSlug = (counts: ReadonlyMap<string, number>, slug: string): Map<string, number> =>
  new Map([...counts].filter(([place]) => place.startsWith(`${slug}/`)).map(([place, count]) => [place.slice(slug.length + 1), count]))
