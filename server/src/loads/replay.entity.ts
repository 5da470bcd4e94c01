import { Column, Entity, PrimaryColumn } from 'typeorm'
import { wholeNumber } from '../shared/whole-number.ts'

/** A dataset whose set-aside records are to be run again. The row goes when that is done, so a replay that was killed goes on from here. */
@Entity({ name: 'handover_replay' })
export class Replay {
  @PrimaryColumn('varchar', { name: 'source_id', length: 36 })
  sourceId!: string

  @PrimaryColumn('varchar', { length: 64 })
  dataset!: string

  /** Records up to this place of the lake have been tried; written with their rows. */
  @Column('bigint', { transformer: wholeNumber })
  part!: number

  /** −1 while nothing of `part` was tried. */
  @Column('int')
  line!: number

  @Column('datetime', { name: 'asked_at', precision: 3 })
  askedAt!: Date
}
