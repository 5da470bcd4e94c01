import type { MigrationInterface } from 'typeorm'
import { First1764000000000 } from './1764000000000-first.ts'
import { AcceptedLoads1764100000000 } from './1764100000000-accepted-loads.ts'
import { QuarantineNotes1764200000000 } from './1764200000000-quarantine-notes.ts'
import { SeveralProcesses1764300000000 } from './1764300000000-several-processes.ts'
import { Partitions1764400000000 } from './1764400000000-partitions.ts'
import { Reloads1764500000000 } from './1764500000000-reloads.ts'
import { Versions1764700000000 } from './1764700000000-versions.ts'
import { RemovedParts1764800000000 } from './1764800000000-removed-parts.ts'
import { Notices1764900000000 } from './1764900000000-notices.ts'
import { Notes1765000000000 } from './1765000000000-notes.ts'

/** Every migration, oldest first. */
export const migrations: readonly (new () => MigrationInterface)[] = [
  First1764000000000,
  AcceptedLoads1764100000000,
  QuarantineNotes1764200000000,
  SeveralProcesses1764300000000,
  Partitions1764400000000,
  Reloads1764500000000,
  Versions1764700000000,
  RemovedParts1764800000000,
  Notices1764900000000,
  Notes1765000000000,
]
