import { Column, Entity, Index, PrimaryColumn } from 'typeorm'
import { wholeNumber } from '../shared/whole-number.ts'

/** Why a load was asked for. */
export type LoadTrigger = 'schedule' | 'person' | 'first' | 'retry' | 'replay'

/** `queued` and `running` are active; the other four are ends and never change again; a held one is answered beside its state. */
export type LoadState = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'held'

/** What a person said about a held load: keep the rows of before, or take the new list although it is short. */
export type LoadAnswer = 'kept' | 'accepted'

/** One run of a source, from the request to its end. */
@Entity({ name: 'handover_load' })
@Index('handover_load_by_source', ['sourceId', 'id'])
@Index('handover_load_by_slug', ['slug', 'id'])
@Index('handover_load_by_state', ['state'])
export class Load {
  @PrimaryColumn('varchar', { length: 36 })
  id!: string

  @Column('varchar', { name: 'source_id', length: 36 })
  sourceId!: string

  /** Kept beside the id, so that loads of a removed source still have a name. */
  @Column('varchar', { length: 31 })
  slug!: string

  @Column('varchar', { length: 16 })
  trigger!: LoadTrigger

  @Column('varchar', { length: 16 })
  state!: LoadState

  /** The time of the schedule that this load answers; null when nobody planned it. */
  @Column('datetime', { name: 'planned_at', precision: 3, nullable: true })
  plannedAt!: Date | null

  @Column('datetime', { name: 'queued_at', precision: 3 })
  queuedAt!: Date

  @Column('datetime', { name: 'started_at', precision: 3, nullable: true })
  startedAt!: Date | null

  @Column('datetime', { name: 'finished_at', precision: 3, nullable: true })
  finishedAt!: Date | null

  /** 1 for the first try; a retry counts on. */
  @Column('int')
  attempt!: number

  /** Set on a failed load that will be tried again by itself. */
  @Column('datetime', { name: 'retry_at', precision: 3, nullable: true })
  retryAt!: Date | null

  @Column('varchar', { name: 'error_code', length: 64, nullable: true })
  errorCode!: string | null

  @Column('text', { name: 'error_message', nullable: true })
  errorMessage!: string | null

  @Column('text', { name: 'error_detail', nullable: true })
  errorDetail!: string | null

  /** Pages that were fetched and landed by this load. */
  @Column('int', { default: 0 })
  pages!: number

  /** Records that were fetched and landed by this load. */
  @Column('bigint', { default: 0, transformer: wholeNumber })
  records!: number

  /** Bytes of record text that were landed by this load. */
  @Column('bigint', { default: 0, transformer: wholeNumber })
  bytes!: number

  @Column('boolean', { name: 'cancel_requested', default: false })
  cancelRequested!: boolean

  /** null for a load that is not held, or that still waits for a person. */
  @Column('varchar', { length: 16, nullable: true })
  answer!: LoadAnswer | null

  @Column('datetime', { name: 'answered_at', precision: 3, nullable: true })
  answeredAt!: Date | null
}
