import { Column, Entity, Index, PrimaryColumn } from 'typeorm'

/** One job of Agenda on the embedded backend. Only `schedule/` reads or writes this table. */
@Entity({ name: 'handover_agenda_job' })
@Index('handover_agenda_job_single', ['singleKey'], { unique: true })
@Index('handover_agenda_job_next', ['name', 'disabled', 'nextRunAt', 'lockedAt'])
export class AgendaJob {
  @PrimaryColumn('varchar', { length: 36 })
  id!: string

  @Column('varchar', { length: 191 })
  name!: string

  /** The name, for jobs of type `single`: whatever races, there is one row of that name. */
  @Column('varchar', { name: 'single_key', length: 191, nullable: true })
  singleKey!: string | null

  @Column('varchar', { length: 16 })
  type!: 'normal' | 'single'

  @Column('int', { default: 0 })
  priority!: number

  @Column('boolean', { default: false })
  disabled!: boolean

  @Column('boolean', { default: false })
  fork!: boolean

  @Column('datetime', { name: 'next_run_at', precision: 3, nullable: true })
  nextRunAt!: Date | null

  @Column('datetime', { name: 'locked_at', precision: 3, nullable: true })
  lockedAt!: Date | null

  @Column('datetime', { name: 'last_run_at', precision: 3, nullable: true })
  lastRunAt!: Date | null

  @Column('datetime', { name: 'last_finished_at', precision: 3, nullable: true })
  lastFinishedAt!: Date | null

  @Column('datetime', { name: 'failed_at', precision: 3, nullable: true })
  failedAt!: Date | null

  @Column('datetime', { name: 'debounce_started_at', precision: 3, nullable: true })
  debounceStartedAt!: Date | null

  @Column('datetime', { name: 'start_date', precision: 3, nullable: true })
  startDate!: Date | null

  @Column('datetime', { name: 'end_date', precision: 3, nullable: true })
  endDate!: Date | null

  @Column('int', { name: 'fail_count', nullable: true })
  failCount!: number | null

  @Column('double', { nullable: true })
  progress!: number | null

  @Column('text', { name: 'fail_reason', nullable: true })
  failReason!: string | null

  @Column('varchar', { name: 'repeat_timezone', length: 191, nullable: true })
  repeatTimezone!: string | null

  @Column('varchar', { name: 'repeat_at', length: 191, nullable: true })
  repeatAt!: string | null

  @Column('simple-json', { name: 'repeat_interval', nullable: true })
  repeatInterval!: string | number | null

  /** Ids and times only: whatever stands here is printed by Agenda's own debug output. */
  @Column('simple-json', { nullable: true })
  data!: object | null

  @Column('simple-json', { name: 'skip_days', nullable: true })
  skipDays!: number[] | null

  /** Name of the process that touched the job last. */
  @Column('varchar', { name: 'last_modified_by', length: 191, nullable: true })
  lastModifiedBy!: string | null

  /** Raised by every claim: of two processes that saw the same version, one changes a row. */
  @Column('int', { default: 0 })
  version!: number
}
