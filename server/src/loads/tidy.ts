import type { RawLimit } from '../shared/raw-limit.ts'
import { pruneLoads, pruneLogs } from './load-retention.ts'
import { pruneOlder, pruneUnneeded, type PrunedRaw, type RawRetentionDeps } from './raw-retention.ts'
import type { LoadsDeps } from './loads.service.ts'

/** How long things are kept, in milliseconds; null: for ever. */
export interface Kept {
  readonly loads: number | null
  readonly logs: number | null
  readonly lake: RawLimit | null
}

/** What was removed because of its age. */
export interface Tidied {
  readonly loads: number
  readonly logs: number
  readonly raw: PrunedRaw
}

/** Removes what is older than is kept, in small steps; what a load, a replay or a person still needs stays. */
export async function tidy(deps: LoadsDeps, keep: Kept, signal: AbortSignal): Promise<Tidied> {
  const { db, clock } = deps
  const before = (age: number) => new Date(clock.now().getTime() - age)
  const logs = keep.logs === null ? 0 : await pruneLogs(db, before(keep.logs), signal)
  const loads = keep.loads === null ? 0 : await pruneLoads(db, before(keep.loads), signal)
  const raw = keep.lake === null ? { parts: 0, bytes: 0, rows: 0 } : await pruneUnneeded(retentionOf(deps), keep.lake, signal)
  return { loads, logs, raw }
}

/** Removes raw pages of that age (milliseconds) although replays would need them, or with `dryRun` says what would be lost. */
export const pruneLake = (deps: LoadsDeps, age: number, dryRun: boolean): Promise<PrunedRaw> =>
  deps.db.exclusively('retention', () => pruneOlder(retentionOf(deps), age, dryRun, new AbortController().signal))

const retentionOf = ({ db, lake, warehouse, sources, clock }: LoadsDeps): RawRetentionDeps => ({
  ...{ db, lake, warehouse, sources },
  now: () => clock.now(),
})
