import { Table, TableIndex, type MigrationInterface, type QueryRunner, type TableColumnOptions } from 'typeorm'

type Column = TableColumnOptions
type More = Partial<Column>

const varchar = (name: string, length: number, more: More = {}): Column => ({ name, type: 'varchar', length: String(length), ...more })
const id = (name: string, more: More = {}): Column => varchar(name, 36, more)
const counter: Column = { name: 'id', type: 'integer', isPrimary: true, isGenerated: true, generationStrategy: 'increment' }
const text = (name: string, more: More = {}): Column => ({ name, type: 'text', ...more })
const time = (name: string, more: More = {}): Column => ({ name, type: 'datetime', precision: 3, ...more })
const integer = (name: string, more: More = {}): Column => ({ name, type: 'integer', ...more })
const bigint = (name: string, more: More = {}): Column => ({ name, type: 'bigint', ...more })
const flag = (name: string, more: More = { default: '0' }): Column => ({ name, type: 'boolean', ...more })
const key: More = { isPrimary: true }
const optional: More = { isNullable: true }
const zero: More = { default: '0' }

const tables: Record<string, Column[]> = {
  handover_source: [
    id('id', key),
    varchar('slug', 31),
    varchar('title', 191),
    varchar('connector', 64),
    text('config'),
    text('schedule', optional),
    flag('paused', {}),
    text('discovery', optional),
    time('created_at'),
    time('updated_at'),
  ],
  handover_dataset: [
    id('id', key),
    id('source_id', optional),
    varchar('slug', 31),
    varchar('name', 64),
    varchar('table_name', 191),
    text('shape'),
    bigint('row_count', zero),
    time('loaded_at', optional),
    time('changed_at', optional),
    time('detached_at', optional),
  ],
  handover_lease: [id('source_id', key), integer('epoch'), varchar('holder', 64), time('expires_at')],
  handover_load: [
    id('id', key),
    id('source_id'),
    varchar('slug', 31),
    varchar('trigger', 16),
    varchar('state', 16),
    time('planned_at', optional),
    time('queued_at'),
    time('started_at', optional),
    time('finished_at', optional),
    integer('attempt'),
    time('retry_at', optional),
    varchar('error_code', 64, optional),
    text('error_message', optional),
    text('error_detail', optional),
    integer('pages', zero),
    bigint('records', zero),
    bigint('bytes', zero),
    flag('cancel_requested'),
  ],
  handover_load_dataset: [
    id('load_id', key),
    varchar('dataset', 64, key),
    bigint('read', zero),
    bigint('transformed', zero),
    bigint('filtered', zero),
    bigint('quarantined_records', zero),
    bigint('made', zero),
    bigint('inserted', zero),
    bigint('updated', zero),
    bigint('unchanged', zero),
    bigint('superseded', zero),
    bigint('quarantined_rows', zero),
    bigint('removed', zero),
    bigint('rows_after', optional),
  ],
  handover_load_log: [counter, id('load_id'), time('at'), varchar('level', 16), text('message'), text('fields', optional)],
  handover_stream_state: [
    id('source_id', key),
    varchar('stream', 191, key),
    text('cursor', optional),
    bigint('part'),
    integer('line'),
    integer('epoch'),
    id('load_id'),
    time('updated_at'),
  ],
  handover_quarantine: [
    counter,
    id('source_id'),
    varchar('slug', 31),
    varchar('dataset', 64),
    varchar('stream', 191),
    id('load_id'),
    bigint('part'),
    integer('line'),
    integer('item'),
    varchar('code', 64),
    varchar('column_name', 64, optional),
    text('reason'),
    text('raw'),
    varchar('fingerprint', 64),
    time('at'),
    varchar('state', 16),
  ],
  handover_lake_part: [
    counter,
    id('source_id'),
    varchar('slug', 31),
    varchar('stream', 191),
    id('load_id'),
    varchar('path', 500),
    time('landed_at'),
    text('request', optional),
    text('cursor', optional),
    integer('records'),
    bigint('bytes'),
    bigint('stored_bytes'),
    varchar('hash', 64),
    flag('abandoned'),
  ],
  handover_media: [
    varchar('slug', 31, key),
    varchar('media_key', 191, key),
    varchar('hash', 64),
    varchar('type', 64),
    integer('bytes'),
    time('at'),
  ],
  handover_schema_step: [counter, varchar('table_name', 191), text('statement'), time('at')],
  handover_agenda_job: [
    id('id', key),
    varchar('name', 191),
    varchar('single_key', 191, optional),
    varchar('type', 16),
    integer('priority', zero),
    flag('disabled'),
    flag('fork'),
    time('next_run_at', optional),
    time('locked_at', optional),
    time('last_run_at', optional),
    time('last_finished_at', optional),
    time('failed_at', optional),
    time('debounce_started_at', optional),
    time('start_date', optional),
    time('end_date', optional),
    integer('fail_count', optional),
    { name: 'progress', type: 'double', ...optional },
    text('fail_reason', optional),
    varchar('repeat_timezone', 191, optional),
    varchar('repeat_at', 191, optional),
    text('repeat_interval', optional),
    text('data', optional),
    text('skip_days', optional),
    varchar('last_modified_by', 191, optional),
    integer('version', zero),
  ],
}

/** Name, table, columns. A name that ends with `!` allows each combination once. */
const indexes: readonly (readonly [string, string, readonly string[]])[] = [
  ['handover_source_slug!', 'handover_source', ['slug']],
  ['handover_dataset_table!', 'handover_dataset', ['table_name']],
  ['handover_dataset_by_source', 'handover_dataset', ['source_id']],
  ['handover_load_by_source', 'handover_load', ['source_id', 'id']],
  ['handover_load_by_slug', 'handover_load', ['slug', 'id']],
  ['handover_load_by_state', 'handover_load', ['state']],
  ['handover_load_log_by_load', 'handover_load_log', ['load_id', 'id']],
  ['handover_quarantine_place!', 'handover_quarantine', ['source_id', 'dataset', 'part', 'line', 'item']],
  ['handover_quarantine_content', 'handover_quarantine', ['source_id', 'dataset', 'fingerprint']],
  ['handover_quarantine_by_slug', 'handover_quarantine', ['slug', 'dataset', 'state']],
  ['handover_lake_part_by_stream', 'handover_lake_part', ['source_id', 'stream', 'id']],
  ['handover_lake_part_by_load', 'handover_lake_part', ['load_id']],
  ['handover_agenda_job_single!', 'handover_agenda_job', ['single_key']],
  ['handover_agenda_job_next', 'handover_agenda_job', ['name', 'disabled', 'next_run_at', 'locked_at']],
]

/** The platform's own tables as the first release has them. Never edited once merged: later changes are migrations of their own. */
export class First1764000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const [name, columns] of Object.entries(tables)) await runner.createTable(new Table({ name, columns }))
    for (const [name, table, columnNames] of indexes) {
      const isUnique = name.endsWith('!')
      await runner.createIndex(table, new TableIndex({ name: name.replace('!', ''), columnNames: [...columnNames], isUnique }))
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of Object.keys(tables).toReversed()) await runner.dropTable(name)
  }
}
