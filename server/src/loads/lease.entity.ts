import { Column, Entity, PrimaryColumn } from 'typeorm'

/** Who may write the tables of a source. The epoch grows with every owner, so an owner that lost its lease can be told apart. */
@Entity({ name: 'handover_lease' })
export class Lease {
  @PrimaryColumn('varchar', { name: 'source_id', length: 36 })
  sourceId!: string

  @Column('int')
  epoch!: number

  @Column('varchar', { length: 64 })
  holder!: string

  @Column('datetime', { name: 'expires_at', precision: 3 })
  expiresAt!: Date
}
