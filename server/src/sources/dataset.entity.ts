import { Column, Entity, Index, PrimaryColumn } from 'typeorm'
import { wholeNumber } from '../shared/whole-number.ts'

/** One table of the warehouse and what is known about it. Outlives its source when that is removed without its tables. */
@Entity({ name: 'handover_dataset' })
@Index('handover_dataset_table', ['tableName'], { unique: true })
@Index('handover_dataset_by_source', ['sourceId'])
export class StoredDataset {
  @PrimaryColumn('varchar', { length: 36 })
  id!: string

  /** null once the source was removed. */
  @Column('varchar', { name: 'source_id', length: 36, nullable: true })
  sourceId!: string | null

  /** Slug of the source, also of a removed one. */
  @Column('varchar', { length: 31 })
  slug!: string

  @Column('varchar', { length: 64 })
  name!: string

  @Column('varchar', { name: 'table_name', length: 191 })
  tableName!: string

  /** JSON of `DatasetShape`, with the `hint` of a discovered one. */
  @Column('text')
  shape!: string

  @Column('bigint', { name: 'row_count', default: 0, transformer: wholeNumber })
  rowCount!: number

  /** End of the last successful load that covered this dataset, whether or not it changed a row. */
  @Column('datetime', { name: 'loaded_at', precision: 3, nullable: true })
  loadedAt!: Date | null

  /** When a load last added, changed or removed a row. */
  @Column('datetime', { name: 'changed_at', precision: 3, nullable: true })
  changedAt!: Date | null

  /** Since when no source fills this table: the source was removed, or does not offer the dataset any more. */
  @Column('datetime', { name: 'detached_at', precision: 3, nullable: true })
  detachedAt!: Date | null

  /** When its source last declared it in other words; null since before that was kept. Lets other processes see that something has changed. */
  @Column('datetime', { name: 'updated_at', precision: 3, nullable: true })
  updatedAt!: Date | null
}
