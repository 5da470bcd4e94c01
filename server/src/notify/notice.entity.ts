import { Column, Entity, PrimaryColumn } from 'typeorm'

/** What can be the matter with a source that somebody is told of. */
export type NoticeKind = 'failed' | 'late' | 'held' | 'silent'

/** What somebody was told, or is to be told, of a source: one line for as long as it lasts. */
@Entity({ name: 'handover_notice' })
export class Notice {
  @PrimaryColumn('varchar', { name: 'source_id', length: 36 })
  sourceId!: string

  @PrimaryColumn('varchar', { length: 16 })
  kind!: NoticeKind

  @Column('datetime', { precision: 3 })
  since!: Date

  /** When it was told last; null while nobody could be reached. */
  @Column('datetime', { name: 'told_at', precision: 3, nullable: true })
  toldAt!: Date | null

  /** Set when it is over; the line goes once that was told too. */
  @Column('datetime', { name: 'ended_at', precision: 3, nullable: true })
  endedAt!: Date | null
}
