import { Column, Entity, PrimaryColumn } from 'typeorm'
import { wholeNumber } from '../shared/whole-number.ts'

/**
 * The balance of one dataset in one load, written in the transactions that write its rows.
 * Records: `read = transformed + filtered + quarantinedRecords`. Rows: `made = inserted + updated + unchanged + superseded + quarantinedRows`.
 */
@Entity({ name: 'handover_load_dataset' })
export class LoadDataset {
  @PrimaryColumn('varchar', { name: 'load_id', length: 36 })
  loadId!: string

  @PrimaryColumn('varchar', { length: 64 })
  dataset!: string

  @Column('bigint', { default: 0, transformer: wholeNumber })
  read!: number

  @Column('bigint', { default: 0, transformer: wholeNumber })
  transformed!: number

  @Column('bigint', { default: 0, transformer: wholeNumber })
  filtered!: number

  @Column('bigint', { name: 'quarantined_records', default: 0, transformer: wholeNumber })
  quarantinedRecords!: number

  @Column('bigint', { default: 0, transformer: wholeNumber })
  made!: number

  @Column('bigint', { default: 0, transformer: wholeNumber })
  inserted!: number

  @Column('bigint', { default: 0, transformer: wholeNumber })
  updated!: number

  @Column('bigint', { default: 0, transformer: wholeNumber })
  unchanged!: number

  @Column('bigint', { default: 0, transformer: wholeNumber })
  superseded!: number

  @Column('bigint', { name: 'quarantined_rows', default: 0, transformer: wholeNumber })
  quarantinedRows!: number

  @Column('bigint', { default: 0, transformer: wholeNumber })
  removed!: number

  /** Rows in the table when the load was done with this dataset; null when it did not get that far. */
  @Column('bigint', { name: 'rows_after', nullable: true, transformer: wholeNumber })
  rowsAfter!: number | null

  /** Rows in the table when a replace of it was held; null when none was. */
  @Column('bigint', { name: 'rows_before', nullable: true, transformer: wholeNumber })
  rowsBefore!: number | null

  /** Rows that the held replace would have left. */
  @Column('bigint', { name: 'rows_offered', nullable: true, transformer: wholeNumber })
  rowsOffered!: number | null
}
