import type { MigrationInterface, QueryRunner } from 'typeorm'
import { addColumn, createTable, key, optional, time, varchar } from './columns.ts'

/** What several processes on one database need: swaps that are decided and not yet done, and when a dataset was last declared otherwise. */
export class SeveralProcesses1764300000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'handover_swap', [varchar('table_name', 64, key), varchar('staging', 64)])
    await addColumn(runner, 'handover_dataset', time('updated_at', optional))
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumn('handover_dataset', 'updated_at')
    await runner.dropTable('handover_swap')
  }
}
