import type { MigrationInterface, QueryRunner } from 'typeorm'
import { createTable, id, key, optional, text, time, varchar } from './columns.ts'

/** What people write down about sources, datasets, columns and loads. */
export class Notes1765000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createTable(
      runner,
      'handover_note',
      [
        id('id', key),
        varchar('slug', 31),
        varchar('dataset', 64, optional),
        varchar('column_name', 64, optional),
        id('load_id', optional),
        text('text'),
        varchar('written_by', 64, optional),
        time('at'),
      ],
      [['handover_note_by_slug', ['slug']]],
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable('handover_note')
  }
}
