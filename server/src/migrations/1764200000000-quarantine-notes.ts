import type { MigrationInterface, QueryRunner } from 'typeorm'
import { addColumn, bigint, createTable, id, integer, key, optional, text, time, varchar } from './columns.ts'

const entries = 'handover_quarantine'
const replays = 'handover_replay'

/** What a person decided about a record that was set aside, and which datasets are to be run again. */
export class QuarantineNotes1764200000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await addColumn(runner, entries, text('note', optional))
    await addColumn(runner, entries, time('decided_at', optional))
    await createTable(runner, replays, [
      id('source_id', key),
      varchar('dataset', 64, key),
      bigint('part'),
      integer('line'),
      time('asked_at'),
    ])
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(replays)
    await runner.dropColumns(entries, ['note', 'decided_at'])
  }
}
