import type { MigrationInterface, QueryRunner } from 'typeorm'
import { createTable, integer, key, varchar } from './columns.ts'

/** Where processes on one database see that connectors were reloaded. */
export class Reloads1764500000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'handover_reload', [integer('id', key), varchar('mark', 36)])
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('handover_reload')
  }
}
