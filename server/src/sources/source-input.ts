import type { FieldFault } from '@handover/sdk'
import type { GivenConfig } from '../catalog/catalog.service.ts'
import type { Schedule } from '../schedule/schedule.service.ts'
import type { Source } from './source.entity.ts'

/** A source to be made. */
export interface NewSource {
  readonly slug: string
  readonly title: string
  readonly connector: string
  readonly config: GivenConfig
  readonly schedule: Schedule
  /** True for one that is not to load by itself, not even for the first time; false when left out. */
  readonly paused?: boolean
}

/** What may change. `config` is the whole form; secrets that it leaves out stay as they are. */
export interface SourcePatch {
  readonly title?: string
  readonly config?: GivenConfig
  readonly schedule?: Schedule
  readonly paused?: boolean
}

/** Settings to try out. With `slug`, secrets that are left out are those of that source. */
export interface TrySettings {
  readonly connector: string
  readonly config: GivenConfig
  readonly slug?: string
}

/** How a preview is asked for. */
export interface PreviewOptions {
  /** Rows of each dataset, ten when left out. */
  readonly first?: number
  /** Aborts when nobody waits for the answer any more. */
  readonly signal?: AbortSignal
}

/** How a test went: a sentence, and one for every setting at fault. */
export interface TestResult {
  readonly ok: boolean
  readonly message: string
  readonly fields: readonly FieldFault[]
}

/** A source whose tables cannot be made to fit what its connector declares. */
export interface UnfitSource {
  readonly slug: string
  /** A sentence for a person. */
  readonly problem: string
}

/** What happened to a source. `found` = its tables changed without anybody editing it. */
export interface SourceChange {
  readonly kind: 'created' | 'updated' | 'found' | 'removed'
  readonly source: Source
}

/** Called after a change is committed and before the caller gets its answer; what it throws is logged and stops nobody. */
export type SourceListener = (change: SourceChange) => void | Promise<void>
