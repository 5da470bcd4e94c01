import type { MigrationInterface, QueryRunner } from 'typeorm'
import { addColumn, createTable, id, key, optional, text, time, varchar } from './columns.ts'

/** How far each partition of a stream is, and which partition a part of the lake belongs to. */
export class Partitions1764400000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(runner, 'handover_partition_state', [
      id('source_id', key),
      varchar('stream', 191, key),
      varchar('partition_key', 191, key),
      text('cursor', optional),
      id('load_id'),
      time('updated_at'),
    ])
    await addColumn(runner, 'handover_lake_part', varchar('partition_key', 191, { default: "''" }))
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumn('handover_lake_part', 'partition_key')
    await runner.dropTable('handover_partition_state')
  }
}
