import { LoadDataset } from './load-dataset.entity.ts'
import { LogLine } from './load-log.entity.ts'
import { Load } from './load.entity.ts'
import { Lease } from './lease.entity.ts'
import { PartitionState } from './partition-state.entity.ts'
import { QuarantinedRecord } from './quarantine.entity.ts'
import { Replay } from './replay.entity.ts'
import { StreamState } from './stream-state.entity.ts'

/** Every platform table that loads own. */
export const loadEntities = [Load, LoadDataset, LogLine, Lease, StreamState, PartitionState, QuarantinedRecord, Replay]
