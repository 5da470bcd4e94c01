import type { MigrationInterface, QueryRunner } from 'typeorm'
import { counter, createTable, time, varchar } from './columns.ts'

/** Which versions have worked on the tables, so that an older one can say by which it is refused. */
export class Versions1764700000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'handover_version', [counter, varchar('version', 64), time('at')])
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('handover_version')
  }
}
