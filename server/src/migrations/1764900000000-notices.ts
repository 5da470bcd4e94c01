import type { MigrationInterface, QueryRunner } from 'typeorm'
import { createTable, id, key, optional, time, varchar } from './columns.ts'

/** What people were told of sources, so that each is told once. */
export class Notices1764900000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'handover_notice', [
      id('source_id', key),
      varchar('kind', 16, key),
      time('since'),
      time('told_at', optional),
      time('ended_at', optional),
    ])
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('handover_notice')
  }
}
