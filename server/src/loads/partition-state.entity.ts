import { Column, Entity, PrimaryColumn } from 'typeorm'

/** How far one partition of a stream is. */
@Entity({ name: 'handover_partition_state' })
export class PartitionState {
  @PrimaryColumn('varchar', { name: 'source_id', length: 36 })
  sourceId!: string

  @PrimaryColumn('varchar', { length: 191 })
  stream!: string

  @PrimaryColumn('varchar', { name: 'partition_key', length: 191 })
  partition!: string

  /** Cursor of its last page that is in the warehouse as a whole, as JSON text; null = start from the beginning. */
  @Column('text', { nullable: true })
  cursor!: string | null

  @Column('varchar', { name: 'load_id', length: 36 })
  loadId!: string

  @Column('datetime', { name: 'updated_at', precision: 3 })
  updatedAt!: Date
}
