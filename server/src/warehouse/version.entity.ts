import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm'

/** Which version of Handover began to work on these tables, and when: a line for each change of version. */
@Entity({ name: 'handover_version' })
export class VersionStep {
  @PrimaryGeneratedColumn('increment', { type: 'integer' })
  id!: number

  @Column('varchar', { length: 64 })
  version!: string

  @Column('datetime', { precision: 3 })
  at!: Date
}
