import type { Load } from './load.entity.ts'

/** Where a load is. All steps go on at once, page by page; this is the one that the others wait for. */
export type LoadStage = 'WAITING' | 'EXTRACT' | 'CHECK' | 'FINISH' | 'ENDED'

/** What a balance must say to tell how far its dataset is. */
export interface Progress {
  readonly dataset: string
  readonly read: number
  readonly rowsAfter: number | null
}

/** Which stream feeds a dataset. A dataset that the source has no more is taken for a stream of its own. */
export type StreamOf = ReadonlyMap<string, string>

/** Records that went through the checks. A record that feeds two datasets counts once; those that lay in the lake before are among them. */
export function checkedRecords(balances: readonly Progress[], streams: StreamOf): number {
  const read = new Map<string, number>()
  for (const balance of balances) {
    const stream = streams.get(balance.dataset) ?? balance.dataset
    read.set(stream, Math.max(read.get(stream) ?? 0, balance.read))
  }
  return [...read.values()].reduce((sum, records) => sum + records, 0)
}

/** Tells the stage from what is committed. */
export function stageOf(load: Pick<Load, 'state' | 'records'>, balances: readonly Progress[], streams: StreamOf): LoadStage {
  if (load.state === 'queued') return 'WAITING'
  if (load.state !== 'running') return 'ENDED'
  const done = balances.filter(({ rowsAfter }) => rowsAfter !== null).length
  if (done > 0 && done >= streams.size) return 'FINISH'
  return load.records > checkedRecords(balances, streams) ? 'CHECK' : 'EXTRACT'
}
