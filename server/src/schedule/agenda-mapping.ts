import { computeJobState, toJobId, type JobParameters, type JobsQueryOptions, type JobsSort, type JobWithState } from 'agenda'
import type { AgendaJob } from './agenda-job.entity.ts'

/** Columns that Agenda writes while a job runs. */
const STATE = ['lockedAt', 'nextRunAt', 'lastRunAt', 'progress', 'failReason', 'failCount', 'failedAt', 'lastFinishedAt'] as const
/** Columns that define a job. */
const DEFINITION = [
  ...(['name', 'priority', 'nextRunAt', 'type', 'repeatTimezone', 'repeatInterval', 'repeatAt'] as const),
  ...(['data', 'startDate', 'endDate', 'skipDays'] as const),
] as const
const FAILURE = ['failReason', 'failCount', 'failedAt'] as const

/** Names that a caller may sort by; anything else would reach SQL. */
const SORTABLE: readonly (keyof JobsSort)[] = ['nextRunAt', 'lastRunAt', 'lastFinishedAt', 'priority', 'name', 'data']

/** A row as Agenda knows it: what is null there is left out here, except `nextRunAt` and `data`. */
export function toJob<D = unknown>(row: AgendaJob): JobParameters<D> {
  const { id, singleKey: _single, version: _version, ...rest } = row
  const known = Object.entries(rest).filter(([name, value]) => value !== null || name === 'nextRunAt' || name === 'data')
  // Agenda's type has optional members where the table has null; the line above turned one into the other.
  return { _id: toJobId(id), ...Object.fromEntries(known) } as unknown as JobParameters<D>
}

/** A row with the state that Agenda computes from its times. */
export const toJobWithState = (row: AgendaJob, now: Date): JobWithState => {
  const job = toJob(row)
  return { ...job, _id: toJobId(row.id), state: computeJobState(job, now) }
}

/** The columns that define a job, null where Agenda leaves them out. */
export const definitionOf = (job: JobParameters): Partial<AgendaJob> => ({
  ...pick(job, DEFINITION),
  disabled: job.disabled ?? false,
  fork: job.fork ?? false,
})

/** The columns that say how the last run failed. */
export const failureOf = (job: JobParameters): Partial<AgendaJob> => pick(job, FAILURE)

/** The columns that say how a job stands. */
export const stateOf = (job: JobParameters): Partial<AgendaJob> => pick(job, STATE)

/** True when everything that `want` says is so in `have`; objects may have more than asked for. */
export function holds(want: unknown, have: unknown): boolean {
  if (want instanceof Date) return have !== null && have !== undefined && new Date(have as string).getTime() === want.getTime()
  if (want === null || typeof want !== 'object' || have === null || typeof have !== 'object') return want === have
  return Object.entries(want).every(([name, value]) => holds(value, (have as Record<string, unknown>)[name]))
}

/** The value at a dotted path such as `data.sourceId`. */
export const valueAt = (row: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown> | null | undefined)?.[name], row)

/** The order that was asked for, as names of columns. */
export function sortOf(options: JobsQueryOptions): [column: string, direction: 'ASC' | 'DESC'][] {
  const wanted = options.sort ?? { nextRunAt: 'desc' as const, lastRunAt: 'desc' as const }
  return SORTABLE.flatMap((name) => (wanted[name] === undefined ? [] : [[name, wanted[name] === 'asc' ? 'ASC' : 'DESC']]))
}

function pick(job: JobParameters, names: readonly (keyof JobParameters)[]): Partial<AgendaJob> {
  return Object.fromEntries(names.map((name) => [name, name === 'failReason' ? reasonText(job.failReason) : (job[name] ?? null)]))
}

/** A forked job may report any object as the reason; if saving it threw, the job would stay "running" for ever. */
function reasonText(reason: unknown): string | null {
  if (reason === undefined || reason === null) return null
  return typeof reason === 'string' ? reason : JSON.stringify(reason)
}
