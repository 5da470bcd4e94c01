import type { MigrationInterface, QueryRunner } from 'typeorm'
import { addColumn, optional, time } from './columns.ts'

/** When a raw page was removed because of its age: its line in the manifest stays, so that a row can say what became of its record. */
export class RemovedParts1764800000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await addColumn(runner, 'handover_lake_part', time('removed_at', optional))
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropColumn('handover_lake_part', 'removed_at')
  }
}
