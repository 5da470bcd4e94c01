import { TableColumn, type MigrationInterface, type QueryRunner } from 'typeorm'

const optional = { isNullable: true }

const columns: Readonly<Record<string, readonly TableColumn[]>> = {
  handover_load: [
    new TableColumn({ name: 'answer', type: 'varchar', length: '16', ...optional }),
    new TableColumn({ name: 'answered_at', type: 'datetime', precision: 3, ...optional }),
  ],
  handover_load_dataset: [
    new TableColumn({ name: 'rows_before', type: 'bigint', ...optional }),
    new TableColumn({ name: 'rows_offered', type: 'bigint', ...optional }),
  ],
}

/** A held load says what it compared, and what a person answered. */
export class AcceptedLoads1764100000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const [table, added] of Object.entries(columns)) await runner.addColumns(table, [...added])
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [table, added] of Object.entries(columns)) await runner.dropColumns(table, [...added])
  }
}
