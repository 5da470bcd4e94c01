/** What the API answers, as far as the pages ask for it. Instants are ISO strings; Int64 is a number, or a string beyond 2^53. */
export type Int64 = number | string

/** The state of a source, decided by the server. */
export type SourceState = 'ON_TIME' | 'LOADING' | 'LATE' | 'FAILED' | 'HELD' | 'PAUSED' | 'SET_ASIDE' | 'NEVER_LOADED'

/** The state of one load. */
export type LoadState = 'QUEUED' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'CANCELLED' | 'HELD'

/** What a column holds, as connectors declare it. */
export type ColumnKind = 'text' | 'int' | 'double' | 'decimal' | 'boolean' | 'date' | 'instant' | 'json' | 'image'

/** What the whole column holds; counted by the server on request. */
export interface ColumnFacts {
  empty: Int64
  distinct: Int64 | null
  min: string | null
  max: string | null
  /** The value of some row; null when all are empty, and for what is about a person. */
  example: string | null
  /** Since when the table has the column. */
  since: string | null
  /** When a row with a value in it last changed. */
  lastAt: string | null
}

/** One column of a dataset. */
export interface Column {
  name: string
  title: string
  about: string
  kind: ColumnKind
  nullable: boolean
  key: boolean
  unit: string | null
  role: string | null
  personal: boolean
  values: string[] | null
  facts?: ColumnFacts | null
}

/** Whose data it is and on what terms; shown wherever the data is shown. */
export interface Provider {
  name: string
  url: string
  licence: string
  licenceUrl: string | null
  attribution: string | null
}

/** How many rows a dataset had after one load. */
export interface TrendPoint {
  at: string
  rows: Int64
}

/** One dataset: a table with its columns and freshness. */
export interface Dataset {
  sourceSlug: string
  sourceField: string
  name: string
  title: string
  about: string
  field: string
  type: string
  table: string
  load: string
  key: string[]
  columns: Column[]
  invented: boolean
  provider: Provider | null
  rows: Int64
  quarantined: number
  loadedAt: string | null
  changedAt: string | null
  nextLoadAt: string | null
}

/** The balance of one load and dataset: every record and row in exactly one part. */
export interface Balance {
  dataset: string
  read: Int64
  transformed: Int64
  filtered: Int64
  quarantinedRecords: Int64
  made: Int64
  inserted: Int64
  updated: Int64
  unchanged: Int64
  superseded: Int64
  quarantinedRows: Int64
  removed: Int64
  rowsAfter: Int64 | null
  /** What a held replace compared; null when none was held. */
  rowsBefore: Int64 | null
  rowsOffered: Int64 | null
  balances: boolean
}

/** Why a load did not succeed, in words for a person. */
export interface LoadError {
  code: string
  message: string
  detail?: string | null
}

/** One run of a source. */
export interface Load {
  id: string
  trigger: 'SCHEDULE' | 'PERSON' | 'FIRST' | 'RETRY' | 'REPLAY'
  state: LoadState
  plannedAt: string | null
  queuedAt: string
  startedAt: string | null
  finishedAt: string | null
  retryAt: string | null
  attempt: number
  error: LoadError | null
  pages: number
  records: Int64
  bytes: Int64
  balance: Balance[]
  /** True while a held load waits for a person. */
  waits: boolean
  answer: 'KEPT' | 'ACCEPTED' | null
}

/** Where a number comes from, and how to have it again. */
export interface ReceiptAnswer {
  sentence: string
  value: number | null
  rows: Int64
  total: Int64
  filters: string[]
  query: string
  sql: string
  parameters: unknown[]
  load: { id: string; finishedAt: string | null } | null
  quarantined: number
  reasons: string[]
  rawRecord: { text: string; landedAt: string; request: string | null } | null
  /** Why there is no raw record. */
  rawProblem: string | null
}

/** One mark of the day line needs no more of a load than this. */
export type LoadMark = Pick<Load, 'id' | 'state' | 'waits' | 'plannedAt' | 'queuedAt' | 'startedAt' | 'finishedAt'>

/** A source with what its header and its place in the overview say. */
export interface Source {
  slug: string
  title: string
  about: string
  connector: { name: string; title: string; invented: boolean } | null
  provider: Provider | null
  schedule: { every: number | null; cron: string | null; timeZone: string | null } | null
  scheduleText: string
  paused: boolean
  state: SourceState
  stateSince: string
  stateText: string
  nextLoadAt: string | null
  quarantined: number
  createdAt: string
  lastLoad: Pick<Load, 'id' | 'state' | 'startedAt' | 'finishedAt' | 'retryAt' | 'records' | 'pages' | 'error'> | null
  lastSuccess: Pick<Load, 'id' | 'finishedAt'> | null
}

/** A row or record that did not fit the rules, kept word for word. */
export interface QuarantinedRecord {
  id: string
  dataset: string
  code: string
  column: string | null
  reason: string
  raw: string
  part: Int64
  line: number
  at: string
  loadId: string
}

/** What the source said about one row. */
export interface RawRecord {
  text: string
  source: string
  stream: string
  loadId: string
  landedAt: string
  request: string | null
}

/** One row of any dataset: declared columns and the place of its raw record. */
export type Row = Record<string, unknown>

/** One group of a dataset: its keys in the order asked, how many rows, and the measures. */
export interface Group {
  keys: (string | null)[]
  count: Int64
  values: (number | null)[]
}

/** The reader's own settings, as the server sees them before the browser has spoken. */
export interface ReaderSetting {
  locale: string
  timeZone: string
}
