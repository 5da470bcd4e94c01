import type {
  JobParameters,
  JobRepository,
  JobRepositoryOptions,
  JobsOverview,
  JobsQueryOptions,
  JobsResult,
  RemoveJobsOptions,
} from 'agenda'
import { Brackets, In, IsNull, Not, type DataSource, type EntityManager, type Repository, type SelectQueryBuilder } from 'typeorm'
import { newId } from '../shared/ids.ts'
import { AgendaJob } from './agenda-job.entity.ts'
import { Claims } from './claims.ts'
import { definitionOf, failureOf, holds, sortOf, stateOf, toJob, toJobWithState, valueAt } from './agenda-mapping.ts'

/** After so many lost races for a job the next poll tries again. */
const CLAIM_TRIES = 10

/** Where the jobs are kept: changes go through `write`, everything else through `read`, so that a poll never waits for a load. */
export interface JobStore {
  readonly write: DataSource
  readonly read: DataSource
}

/** Agenda's jobs in any database that TypeORM speaks. A job is claimed optimistically, so no row locks are needed. */
export class AgendaRepository implements JobRepository {
  readonly claims = new Claims()
  readonly #store: JobStore

  constructor(store: JobStore) {
    this.#store = store
  }

  /** The composition root opens and closes the database. */
  async connect(): Promise<void> {}

  async getJobById(id: string): Promise<JobParameters | null> {
    const row = await this.#read.findOneBy({ id })
    return row && toJob(row)
  }

  async getDistinctJobNames(): Promise<string[]> {
    const rows = await this.#read.createQueryBuilder('job').select('job.name', 'name').distinct(true).orderBy('job.name').getRawMany()
    return rows.map((row: { name: string }) => row.name)
  }

  async getQueueSize(): Promise<number> {
    return this.#read.createQueryBuilder('job').where('job.nextRunAt < :now', { now: new Date() }).getCount()
  }

  async queryJobs(options: JobsQueryOptions = {}): Promise<JobsResult> {
    const query = this.#read.createQueryBuilder('job')
    if (options.name) query.andWhere('job.name = :name', { name: options.name })
    else if (options.names?.length) query.andWhere('job.name IN (:...names)', { names: options.names })
    if (options.id) query.andWhere('job.id = :id', { id: options.id })
    else if (options.ids?.length) query.andWhere('job.id IN (:...ids)', { ids: options.ids })
    if (options.includeDisabled === false) query.andWhere('job.disabled = :no', { no: false })
    for (const [column, direction] of sortOf(options)) query.addOrderBy(`job.${column}`, direction)
    const now = new Date()
    const search = options.search?.toLowerCase()
    const jobs = (await query.getMany())
      .filter((row) => search === undefined || row.name.toLowerCase().includes(search))
      .filter((row) => options.data === undefined || holds(options.data, row.data))
      .map((row) => toJobWithState(row, now))
      .filter((job) => !options.state || (options.state === 'paused' ? job.disabled === true : job.state === options.state))
    const skip = options.skip ?? 0
    return { jobs: jobs.slice(skip, options.limit ? skip + options.limit : undefined), total: jobs.length }
  }

  async getJobsOverview(): Promise<JobsOverview[]> {
    const now = new Date()
    const overview = new Map<string, JobsOverview>()
    for (const row of await this.#read.find({ order: { name: 'ASC' } })) {
      const counts = overview.get(row.name) ?? emptyOverview(row.name)
      counts.total++
      counts[toJobWithState(row, now).state]++
      overview.set(row.name, counts)
    }
    return [...overview.values()]
  }

  removeJobs(options: RemoveJobsOptions): Promise<number> {
    return this.#change(options, (jobs, ids) => jobs.delete({ id: In(ids) }))
  }

  /** The version goes up, so that a claim under way loses. */
  disableJobs(options: RemoveJobsOptions): Promise<number> {
    return this.#change(options, (jobs, ids) => jobs.update({ id: In(ids) }, { disabled: true, version: () => 'version + 1' }))
  }

  enableJobs(options: RemoveJobsOptions): Promise<number> {
    return this.#change(options, (jobs, ids) => jobs.update({ id: In(ids) }, { disabled: false }))
  }

  async purgeAllJobs(): Promise<number> {
    return (await this.#write.createQueryBuilder().delete().execute()).affected ?? 0
  }

  /** Agenda does not wait for this, so a failure would end the process. The lock runs out by itself. */
  async unlockJob(job: JobParameters): Promise<void> {
    if (!job._id) return
    await this.#write.update({ id: job._id, nextRunAt: Not(IsNull()) }, { lockedAt: null }).catch(() => undefined)
  }

  async unlockJobs(ids: string[]): Promise<void> {
    if (ids.length > 0) await this.#write.update({ id: In(ids.map(String)) }, { lockedAt: null })
  }

  /** See `ScheduleBackend.release`. One job at a time, and only as long as nobody else has taken it. */
  async release(owner: string): Promise<void> {
    await this.claims.settled()
    const held = await this.#write.findBy({ lastModifiedBy: owner, lockedAt: Not(IsNull()) })
    for (const { id, version, nextRunAt, lastRunAt, lockedAt } of held) {
      await this.#write.update({ id, version }, { lockedAt: null, nextRunAt: nextRunAt ?? lastRunAt ?? lockedAt })
    }
  }

  async lockJob(job: JobParameters, options: JobRepositoryOptions | undefined): Promise<JobParameters | undefined> {
    if (!job._id) return undefined
    const { _id: id, name, nextRunAt: at } = job
    const isIt = 'job.id = :id AND job.name = :name AND job.lockedAt IS NULL AND job.nextRunAt = :at'
    return this.claims.run(() => this.#claim((query) => query.andWhere(isIt, { id, name, at }), new Date(), options))
  }

  async getNextJobToRun(
    name: string,
    nextScanAt: Date,
    lockDeadline: Date,
    now: Date | undefined,
    options: JobRepositoryOptions | undefined,
  ): Promise<JobParameters | undefined> {
    const due = new Brackets((where) =>
      where
        .where('job.lockedAt IS NULL AND job.nextRunAt <= :nextScanAt', { nextScanAt })
        .orWhere('job.lockedAt <= :lockDeadline', { lockDeadline }),
    )
    return this.claims.run(() =>
      this.#claim((query) => query.andWhere('job.name = :name', { name }).andWhere(due), now ?? new Date(), options),
    )
  }

  async saveJobState(job: JobParameters, options: JobRepositoryOptions | undefined): Promise<void> {
    if (!job._id) throw new Error('Cannot save job state without job ID')
    const { affected } = await this.#write.update({ id: job._id, name: job.name }, { ...stateOf(job), lastModifiedBy: ownerOf(options) })
    if (affected !== 1) {
      throw new Error(`job ${job._id} (name: ${job.name}) cannot be updated in the database, maybe it does not exist anymore?`)
    }
  }

  async saveJob<D = unknown>(job: JobParameters<D>, options: JobRepositoryOptions | undefined): Promise<JobParameters<D>> {
    const values = { ...definitionOf(job), lastModifiedBy: ownerOf(options) }
    const row = await this.#store.write.transaction((manager) => saveJob(manager.getRepository(AgendaJob), job, values))
    return row === null ? job : toJob<D>(row)
  }

  get #read(): Repository<AgendaJob> {
    return this.#store.read.getRepository(AgendaJob)
  }

  get #write(): Repository<AgendaJob> {
    return this.#store.write.getRepository(AgendaJob)
  }

  #change(options: RemoveJobsOptions, change: (jobs: Repository<AgendaJob>, ids: string[]) => Promise<unknown>): Promise<number> {
    return this.#store.write.transaction(async (manager) => {
      const ids = await matching(manager, options)
      if (ids.length > 0) await change(manager.getRepository(AgendaJob), ids)
      return ids.length
    })
  }

  /** Reads a candidate, then takes it only if nobody touched it meanwhile. */
  async #claim(narrow: (query: SelectQueryBuilder<AgendaJob>) => unknown, at: Date, options: JobRepositoryOptions | undefined) {
    for (let tries = 0; tries < CLAIM_TRIES && !this.claims.isClosed; tries++) {
      const query = this.#read.createQueryBuilder('job').where('job.disabled = :no', { no: false })
      narrow(query)
      const row = await query.orderBy('job.nextRunAt', 'ASC').addOrderBy('job.priority', 'DESC').limit(1).getOne()
      if (row === null || this.claims.isClosed) return undefined
      const claimed = { lockedAt: at, lastModifiedBy: ownerOf(options), version: row.version + 1 }
      const { affected } = await this.#write.update({ id: row.id, version: row.version }, claimed)
      if (affected === 1) return toJob({ ...row, ...claimed })
    }
    return undefined
  }
}

const ownerOf = (options: JobRepositoryOptions | undefined): string | null => options?.lastModifiedBy ?? null

const emptyOverview = (name: string): JobsOverview => ({
  name,
  total: 0,
  running: 0,
  scheduled: 0,
  queued: 0,
  completed: 0,
  failed: 0,
  repeating: 0,
  paused: 0,
})

/** Ids of the jobs that match; none when nothing was asked for, so that an empty filter never removes everything. */
async function matching(manager: EntityManager, options: RemoveJobsOptions): Promise<string[]> {
  const { id, ids, name, names, notNames, data } = options
  const byId = id ? In([String(id)]) : ids?.length ? In(ids.map(String)) : undefined
  const byName = name ? In([name]) : names?.length ? In(names) : notNames?.length ? Not(In(notNames)) : undefined
  if (byId === undefined && byName === undefined && data === undefined) return []
  const rows = await manager.getRepository(AgendaJob).findBy({ ...(byId && { id: byId }), ...(byName && { name: byName }) })
  return rows.filter((row) => data === undefined || holds(data, row.data)).map((row) => row.id)
}

type Values = Partial<AgendaJob>

/** Inserts or updates by id, by name (`single`) or by what makes the job unique; null when a job to update is gone. */
async function saveJob(jobs: Repository<AgendaJob>, job: JobParameters<unknown>, values: Values): Promise<AgendaJob | null> {
  if (job._id) return update(jobs, job._id, { ...values, ...failureOf(job) })
  if (job.type === 'single') return saveSingle(jobs, job.name, values)
  return job.unique ? saveUnique(jobs, job, job.unique, values) : insert(jobs, values)
}

async function insert(jobs: Repository<AgendaJob>, values: Values): Promise<AgendaJob> {
  const id = newId()
  await jobs.insert({ ...values, id, version: 0 })
  return jobs.findOneByOrFail({ id })
}

async function update(jobs: Repository<AgendaJob>, id: string, values: Values): Promise<AgendaJob | null> {
  await jobs.update({ id, name: values.name! }, values)
  return jobs.findOneBy({ id })
}

/** A job that is due keeps its time: a restart must not push it into the future for ever. */
async function saveSingle(jobs: Repository<AgendaJob>, name: string, values: Values): Promise<AgendaJob | null> {
  const first = { ...values, id: newId(), singleKey: name, version: 0 }
  await jobs.createQueryBuilder().insert().values(first).orIgnore().execute()
  const row = await jobs.findOneByOrFail({ singleKey: name })
  const isDue = values.nextRunAt && values.nextRunAt <= new Date()
  return update(jobs, row.id, { ...values, nextRunAt: isDue ? (row.nextRunAt ?? values.nextRunAt!) : values.nextRunAt! })
}

async function saveUnique(jobs: Repository<AgendaJob>, job: JobParameters<unknown>, unique: Record<string, unknown>, values: Values) {
  const { insertOnly, debounce } = job.uniqueOpts ?? {}
  const now = new Date()
  const later = debounce && new Date(now.getTime() + debounce.delay)
  const same = (row: AgendaJob) => Object.entries(unique).every(([path, want]) => holds(want, valueAt(row, path)))
  const row = (await jobs.findBy({ name: job.name })).find(same)
  if (row === undefined) {
    if (later === undefined) return insert(jobs, values)
    return insert(jobs, { ...values, debounceStartedAt: now, ...(debounce?.strategy !== 'leading' && { nextRunAt: later }) })
  }
  if (debounce === undefined || later === undefined) return insertOnly ? row : update(jobs, row.id, { ...values, debounceStartedAt: null })
  const since = row.debounceStartedAt ?? now
  if (debounce.strategy === 'leading') return update(jobs, row.id, { ...values, nextRunAt: row.nextRunAt, debounceStartedAt: since })
  const waitedEnough = debounce.maxWait && now.getTime() - since.getTime() >= debounce.maxWait
  return update(jobs, row.id, {
    ...values,
    ...(waitedEnough ? { nextRunAt: now, debounceStartedAt: null } : { nextRunAt: later, debounceStartedAt: since }),
  })
}
