import { Column, Entity, Index, PrimaryColumn } from 'typeorm'
import type { Schedule } from '../schedule/schedule.service.ts'

/** A configured connector: what to read, with which settings, and when. */
@Entity({ name: 'handover_source' })
@Index('handover_source_slug', ['slug'], { unique: true })
export class Source {
  @PrimaryColumn('varchar', { length: 36 })
  id!: string

  /** `[a-z][a-z0-9-]{1,30}`; names tables and GraphQL fields, so it never changes. */
  @Column('varchar', { length: 31 })
  slug!: string

  @Column('varchar', { length: 191 })
  title!: string

  /** Folder name of the connector. */
  @Column('varchar', { length: 64 })
  connector!: string

  /**
   * As it is stored: every secret is sealed. Use `SourcesService.configOf` for the open one and `masked` for people.
   * `any`, because TypeORM's partial types do not end on a recursive type and take nothing for `unknown`.
   */
  @Column('simple-json')
  // oxlint-disable-next-line typescript/no-explicit-any
  config!: Readonly<Record<string, any>>

  /** null = only when somebody asks. */
  @Column('simple-json', { nullable: true })
  schedule!: Schedule

  @Column('boolean')
  paused!: boolean

  /** JSON of `StoredDiscovery`; null for connectors whose datasets are known when they are written. */
  @Column('text', { nullable: true })
  discovery!: string | null

  @Column('datetime', { name: 'created_at', precision: 3 })
  createdAt!: Date

  @Column('datetime', { name: 'updated_at', precision: 3 })
  updatedAt!: Date
}
