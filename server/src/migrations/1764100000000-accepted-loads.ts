import type { MigrationInterface, QueryRunner } from 'typeorm'
import { addColumn, bigint, optional, time, varchar, type ColumnOptions } from './columns.ts'

const columns: Readonly<Record<string, readonly ColumnOptions[]>> = {
  handover_load: [varchar('answer', 16, optional), time('answered_at', optional)],
  handover_load_dataset: [bigint('rows_before', optional), bigint('rows_offered', optional)],
}

/** A held load says what it compared, and what a person answered. */
export class AcceptedLoads1764100000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const [table, added] of Object.entries(columns)) for (const column of added) await addColumn(runner, table, column)
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [table, added] of Object.entries(columns)) await runner.dropColumns(table, [...added.map(({ name }) => name)])
  }
}
