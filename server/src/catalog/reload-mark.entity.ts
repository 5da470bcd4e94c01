import { Column, Entity, PrimaryColumn } from 'typeorm'

/** One row that says which reload of the connectors was the last. */
@Entity({ name: 'handover_reload' })
export class ReloadMarkRow {
  /** Always 1. */
  @PrimaryColumn('int')
  id!: number

  /** Another one for every reload. */
  @Column('varchar', { length: 36 })
  mark!: string
}
