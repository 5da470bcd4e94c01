import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm'
import { wholeNumber } from '../shared/whole-number.ts'

/** `open` waits for a person, `resolved` is in the table after all, `discarded` was given up by a person. */
export type QuarantineState = 'open' | 'resolved' | 'discarded'

/** A record, or one row made from it, that did not fit and was set aside with its raw text. */
@Entity({ name: 'handover_quarantine' })
@Index('handover_quarantine_place', ['sourceId', 'dataset', 'part', 'line', 'item'], { unique: true })
@Index('handover_quarantine_content', ['sourceId', 'dataset', 'fingerprint'])
@Index('handover_quarantine_by_slug', ['slug', 'dataset', 'state'])
export class QuarantinedRecord {
  @PrimaryGeneratedColumn('increment', { type: 'integer' })
  id!: number

  @Column('varchar', { name: 'source_id', length: 36 })
  sourceId!: string

  @Column('varchar', { length: 31 })
  slug!: string

  @Column('varchar', { length: 64 })
  dataset!: string

  @Column('varchar', { length: 191 })
  stream!: string

  @Column('varchar', { name: 'load_id', length: 36 })
  loadId!: string

  @Column('bigint', { transformer: wholeNumber })
  part!: number

  @Column('int')
  line!: number

  /** Place of the row among the rows made from the record; −1 when the record as a whole was set aside. */
  @Column('int')
  item!: number

  @Column('varchar', { length: 64 })
  code!: string

  @Column('varchar', { name: 'column_name', length: 64, nullable: true })
  column!: string | null

  @Column('text')
  reason!: string

  @Column('text')
  raw!: string

  /** SHA-256 of raw text and item: the same content read again moves its entry instead of adding one. */
  @Column('varchar', { length: 64 })
  fingerprint!: string

  @Column('datetime', { precision: 3 })
  at!: Date

  @Column('varchar', { length: 16 })
  state!: QuarantineState

  /** Why a person gave it up; null unless one did. */
  @Column('text', { nullable: true })
  note!: string | null

  /** When it stopped being open, by a person or by a replay; null while it is open and for what a new read made void. */
  @Column('datetime', { name: 'decided_at', precision: 3, nullable: true })
  decidedAt!: Date | null
}
