import type { Table } from '../warehouse/warehouse.service.ts'

/** A part of a load that stands for itself. */
export interface LoadStep {
  /** Said when it did not end well. */
  readonly failed: string
  run(): Promise<void>
}

/** What a load is going to do, and the tables that it may change. */
export interface LoadPlan {
  readonly tables: readonly Table[]
  /** False when these are not all tables of the source, or when rows of them were not met one by one: then their pictures are looked for again. */
  readonly isWhole: boolean
  readonly steps: readonly LoadStep[]
}
