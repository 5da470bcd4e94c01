import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm'

/** One change of a dataset's table, as it was run. */
@Entity({ name: 'handover_schema_step' })
export class SchemaStep {
  @PrimaryGeneratedColumn('increment', { type: 'integer' })
  id!: number

  @Column('varchar', { name: 'table_name', length: 191 })
  tableName!: string

  @Column('text')
  statement!: string

  @Column('datetime', { precision: 3 })
  at!: Date
}
