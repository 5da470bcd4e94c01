import { Column, Entity, PrimaryColumn } from 'typeorm'

/** Which bytes a media key of a source stands for. */
@Entity({ name: 'handover_media' })
export class MediaEntry {
  @PrimaryColumn('varchar', { length: 31 })
  slug!: string

  @PrimaryColumn('varchar', { name: 'media_key', length: 191 })
  key!: string

  /** SHA-256 of the bytes in hex; names the file. */
  @Column('varchar', { length: 64 })
  hash!: string

  @Column('varchar', { length: 64 })
  type!: string

  @Column('int')
  bytes!: number

  @Column('datetime', { precision: 3 })
  at!: Date
}
