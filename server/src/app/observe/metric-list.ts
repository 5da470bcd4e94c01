import type { LoadState, SourceStateName } from '../../loads/loads.service.ts'

/** One metric: the page of the reference, the registry and the types of its labels all come from it. */
export interface MetricDefinition {
  /** A counter only grows and begins at 0 with its process; a gauge is how something is now; a histogram counts by size. */
  readonly type: 'counter' | 'gauge' | 'histogram'
  /**
   * `process`: what this process did or is; add them up. `platform`: read from the database, so every process says the same; take one of them,
   * for example with `max by (source)`.
   */
  readonly of: 'process' | 'platform'
  readonly help: string
  readonly labels: readonly string[]
  /** Upper bounds of a histogram, in seconds. */
  readonly buckets?: readonly number[]
}

/** Ends of a load. */
export const LOAD_ENDS = ['succeeded', 'failed', 'held', 'cancelled'] as const satisfies readonly LoadState[]

/** Every state that a source can have. */
const SOURCE_STATES = [
  ...(['ON_TIME', 'LOADING', 'LATE', 'FAILED', 'HELD', 'PAUSED', 'SET_ASIDE', 'NEVER_LOADED'] as const),
] satisfies readonly SourceStateName[]

const LOAD_SECONDS = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3600, 14_400]
const DELAY_SECONDS = [1, 2, 5, 15, 60, 300, 900, 3600]
const REQUEST_SECONDS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 10, 30]

/** Every metric at `/metrics`, in the order of the reference. Nothing else is shown there. */
export const METRICS = {
  handover_ready: {
    ...{ type: 'gauge', of: 'process', labels: [] },
    help: '1 when `/readyz` says that this process is ready, else 0.',
  },
  handover_database_up: {
    ...{ type: 'gauge', of: 'process', labels: [] },
    help: '1 when the database answers this process, else 0. Then all that is read from it is left out.',
  },
  handover_schedule_up: {
    ...{ type: 'gauge', of: 'process', labels: [] },
    help: '1 when the store of the schedule can be reached, else 0: then no source is loaded on time.',
  },
  handover_build_info: {
    ...{ type: 'gauge', of: 'process', labels: ['version', 'node', 'role', 'database'] },
    help: 'Always 1; the labels say which Handover this is, on which Node, in which role, and on which kind of database.',
  },
  handover_source_state: {
    ...{ type: 'gauge', of: 'platform', labels: ['source', 'state'] },
    help: `1 for the state that a source is in; the others are left out. States are ${SOURCE_STATES.map((state) => `\`${state}\``).join(', ')}.`,
  },
  handover_source_last_success_timestamp_seconds: {
    ...{ type: 'gauge', of: 'platform', labels: ['source'] },
    help: 'When a load of the source last succeeded. How old its data is: `time() - handover_source_last_success_timestamp_seconds`.',
  },
  handover_source_next_load_timestamp_seconds: {
    ...{ type: 'gauge', of: 'platform', labels: ['source'] },
    help: 'When the source is planned to load next; in the past while it waits for its turn. Left out without a plan.',
  },
  handover_source_last_load_seconds: {
    ...{ type: 'gauge', of: 'platform', labels: ['source'] },
    help: 'How long the last load of the source took that ended by itself.',
  },
  handover_dataset_rows: {
    ...{ type: 'gauge', of: 'platform', labels: ['source', 'dataset'] },
    help: 'Rows in the table of a dataset after its last load.',
  },
  handover_set_aside_open: {
    ...{ type: 'gauge', of: 'platform', labels: ['source', 'dataset'] },
    help: 'Records and rows that are set aside and wait for a person.',
  },
  handover_loads_active: {
    ...{ type: 'gauge', of: 'platform', labels: ['state'] },
    help: 'Loads that are `queued` or `running`, in all processes.',
  },
  handover_queue_oldest_seconds: {
    ...{ type: 'gauge', of: 'platform', labels: [] },
    help: 'How long the oldest queued load has waited; 0 when none waits.',
  },
  handover_lake_bytes: {
    ...{ type: 'gauge', of: 'platform', labels: [] },
    help: 'Size of the raw pages on disk, without pictures. Read once a minute at most.',
  },
  handover_lake_parts: {
    ...{ type: 'gauge', of: 'platform', labels: [] },
    help: 'Number of raw pages. Read once a minute at most.',
  },
  handover_loads_total: {
    ...{ type: 'counter', of: 'process', labels: ['source', 'state'] },
    help: `Loads that this process ended: ${LOAD_ENDS.map((state) => `\`${state}\``).join(', ')}.`,
  },
  handover_load_duration_seconds: {
    ...{ type: 'histogram', of: 'process', labels: ['state'], buckets: LOAD_SECONDS },
    help: 'How long loads ran, by how they ended.',
  },
  handover_load_delay_seconds: {
    ...{ type: 'histogram', of: 'process', labels: [], buckets: DELAY_SECONDS },
    help: 'How long after its planned time a load began.',
  },
  handover_records_total: {
    ...{ type: 'counter', of: 'process', labels: ['source'] },
    help: 'Records that were read from the source and lie in the lake.',
  },
  handover_rows_total: {
    ...{ type: 'counter', of: 'process', labels: ['source', 'dataset', 'kind'] },
    help: 'Rows that loads wrote, by what became of them: `inserted`, `updated`, `unchanged`, `removed`. A table that is replaced is counted while it is filled.',
  },
  handover_set_aside_total: {
    ...{ type: 'counter', of: 'process', labels: ['source', 'dataset'] },
    help: 'Records and rows that loads set aside because they do not fit.',
  },
  handover_source_requests_total: {
    ...{ type: 'counter', of: 'process', labels: ['source', 'code'] },
    help: 'HTTP requests that loads sent to a source, every try counted, by the class of the answer: `2xx` to `5xx`, or `none` when none came.',
  },
  handover_source_request_duration_seconds: {
    ...{ type: 'histogram', of: 'process', labels: [], buckets: REQUEST_SECONDS },
    help: 'How long sources took until an answer began.',
  },
  handover_http_requests_total: {
    ...{ type: 'counter', of: 'process', labels: ['route', 'code'] },
    help: 'HTTP requests that were answered, by route (`pages` is the dashboard) and by class of the answer.',
  },
  handover_graphql_duration_seconds: {
    ...{ type: 'histogram', of: 'process', labels: ['operation', 'outcome'], buckets: REQUEST_SECONDS },
    help: 'How long GraphQL operations took, by `query` or `mutation` (`none` when it cannot be told) and by outcome: `ok`, `refused` (the question or its input is at fault), `failed` (a fault of ours).',
  },
  handover_database_connections: {
    ...{ type: 'gauge', of: 'process', labels: ['pool', 'state'] },
    help: 'Connections to MySQL: in the pool that writes and the one that reads, `used`, `free`, and questions `waiting` for one. Left out on SQLite.',
  },
  handover_event_loop_delay_seconds: {
    ...{ type: 'gauge', of: 'process', labels: ['share'] },
    help: 'By how much the event loop was late in the last ten seconds: half of the time (`0.5`), at the worst hundredth (`0.99`), at most (`1`).',
  },
  handover_resident_memory_bytes: {
    ...{ type: 'gauge', of: 'process', labels: [] },
    help: 'Memory of the process as the operating system counts it.',
  },
  handover_heap_bytes: {
    ...{ type: 'gauge', of: 'process', labels: ['kind'] },
    help: 'Memory of the JavaScript heap: `used`, `total`, and the most that it may have (`limit`).',
  },
  handover_cpu_seconds_total: {
    ...{ type: 'counter', of: 'process', labels: [] },
    help: 'Processor time that the process has used.',
  },
  handover_start_timestamp_seconds: {
    ...{ type: 'gauge', of: 'process', labels: [] },
    help: 'When the process started.',
  },
} as const satisfies Readonly<Record<`handover_${string}`, MetricDefinition>>

/** Name of a metric. */
export type MetricName = keyof typeof METRICS

/** Names of the metrics of one type. */
export type MetricOf<Type extends MetricDefinition['type']> = {
  [Name in MetricName]: (typeof METRICS)[Name]['type'] extends Type ? Name : never
}[MetricName]

/** A value for every label of a metric. */
export type LabelsOf<Name extends MetricName> = Readonly<Record<(typeof METRICS)[Name]['labels'][number], string>>
