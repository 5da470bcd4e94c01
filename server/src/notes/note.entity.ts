import { Column, Entity, Index, PrimaryColumn } from 'typeorm'

/** What a person wrote down about a source, one of its datasets or columns, or a load. It belongs to the slug, so it outlives the source. */
@Entity({ name: 'handover_note' })
@Index('handover_note_by_slug', ['slug'])
export class Note {
  @PrimaryColumn('varchar', { length: 36 })
  id!: string

  @Column('varchar', { length: 31 })
  slug!: string

  /** null: about the source as a whole, or a load of it. */
  @Column('varchar', { length: 64, nullable: true })
  dataset!: string | null

  /** As GraphQL calls it; null: about no single column. */
  @Column('varchar', { name: 'column_name', length: 64, nullable: true })
  column!: string | null

  @Column('varchar', { name: 'load_id', length: 36, nullable: true })
  loadId!: string | null

  @Column('text')
  text!: string

  /** Who wrote it, in their own words; null when they did not say. */
  @Column('varchar', { name: 'written_by', length: 64, nullable: true })
  by!: string | null

  @Column('datetime', { precision: 3 })
  at!: Date
}
