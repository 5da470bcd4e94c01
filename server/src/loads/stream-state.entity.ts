import { Column, Entity, PrimaryColumn } from 'typeorm'
import { wholeNumber } from '../shared/whole-number.ts'

/** The checkpoint of one stream: everything up to record `line` of lake part `part` is in the warehouse. */
@Entity({ name: 'handover_stream_state' })
export class StreamState {
  @PrimaryColumn('varchar', { name: 'source_id', length: 36 })
  sourceId!: string

  @PrimaryColumn('varchar', { length: 191 })
  stream!: string

  /** Cursor of the last page that is in the warehouse as a whole, as JSON text; null = start from the beginning. */
  @Column('text', { nullable: true })
  cursor!: string | null

  @Column('bigint', { transformer: wholeNumber })
  part!: number

  /** Number of records of `part` that are done, which is the place of the next one. */
  @Column('int')
  line!: number

  @Column('int')
  epoch!: number

  @Column('varchar', { name: 'load_id', length: 36 })
  loadId!: string

  @Column('datetime', { name: 'updated_at', precision: 3 })
  updatedAt!: Date
}
