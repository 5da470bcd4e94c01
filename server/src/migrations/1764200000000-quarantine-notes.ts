import { Table, TableColumn, type MigrationInterface, type QueryRunner } from 'typeorm'

const entries = 'handover_quarantine'
const replays = 'handover_replay'

/** What a person decided about a record that was set aside, and which datasets are to be run again. */
export class QuarantineNotes1764200000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.addColumns(entries, [
      new TableColumn({ name: 'note', type: 'text', isNullable: true }),
      new TableColumn({ name: 'decided_at', type: 'datetime', precision: 3, isNullable: true }),
    ])
    await runner.createTable(
      new Table({
        name: replays,
        columns: [
          { name: 'source_id', type: 'varchar', length: '36', isPrimary: true },
          { name: 'dataset', type: 'varchar', length: '64', isPrimary: true },
          { name: 'part', type: 'bigint' },
          { name: 'line', type: 'integer' },
          { name: 'asked_at', type: 'datetime', precision: 3 },
        ],
      }),
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(replays)
    await runner.dropColumns(entries, ['note', 'decided_at'])
  }
}
