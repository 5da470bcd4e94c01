import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm'
import { wholeNumber } from '../shared/whole-number.ts'

/** One page as it was landed: a line of the lake's manifest. */
@Entity({ name: 'handover_lake_part' })
@Index('handover_lake_part_by_stream', ['sourceId', 'stream', 'id'])
@Index('handover_lake_part_by_load', ['loadId'])
export class LakePart {
  /** Grows with time and is never given twice; rows point at it. */
  @PrimaryGeneratedColumn('increment', { type: 'integer' })
  id!: number

  @Column('varchar', { name: 'source_id', length: 36 })
  sourceId!: string

  @Column('varchar', { length: 31 })
  slug!: string

  @Column('varchar', { length: 191 })
  stream!: string

  /** Key of the partition that the page belongs to; empty for a stream of one piece. */
  @Column('varchar', { name: 'partition_key', length: 191, default: '' })
  partition!: string

  @Column('varchar', { name: 'load_id', length: 36 })
  loadId!: string

  /** Below the lake folder, with `/` between the names. */
  @Column('varchar', { length: 500 })
  path!: string

  @Column('datetime', { name: 'landed_at', precision: 3 })
  landedAt!: Date

  /** What was asked of the source; null when the connector did not say. */
  @Column('text', { nullable: true })
  request!: string | null

  /** JSON text of the page's cursor; null when the page had none. */
  @Column('text', { nullable: true })
  cursor!: string | null

  @Column('int')
  records!: number

  /** Size before compression. */
  @Column('bigint', { transformer: wholeNumber })
  bytes!: number

  /** Size of the file. */
  @Column('bigint', { name: 'stored_bytes', transformer: wholeNumber })
  storedBytes!: number

  /** SHA-256 of the bytes before compression, in hex. */
  @Column('varchar', { length: 64 })
  hash!: string

  /** True when no load may work it off any more; it can still be read. */
  @Column('boolean', { default: false })
  abandoned!: boolean

  /** When its file was removed because of its age; null while it is there. */
  @Column('datetime', { name: 'removed_at', precision: 3, nullable: true })
  removedAt!: Date | null
}
