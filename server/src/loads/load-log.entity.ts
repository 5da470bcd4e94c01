import { Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm'

/** How much a line of a load's log matters. */
export type LogLevel = 'info' | 'warning' | 'error'

/** One line of a load's log: a sentence for a person, and fields for an engineer. */
@Entity({ name: 'handover_load_log' })
@Index('handover_load_log_by_load', ['loadId', 'id'])
export class LogLine {
  @PrimaryGeneratedColumn('increment', { type: 'integer' })
  id!: number

  @Column('varchar', { name: 'load_id', length: 36 })
  loadId!: string

  @Column('datetime', { precision: 3 })
  at!: Date

  @Column('varchar', { length: 16 })
  level!: LogLevel

  @Column('text')
  message!: string

  @Column('simple-json', { nullable: true })
  fields!: Record<string, unknown> | null
}
