import { ConfigError, recordValue, type Context } from '@handover/sdk'
import { Profile, type Declared } from '@handover/sdk/infer'
import { FileFault } from './formats/file-fault.ts'
import { readContent, readRecords } from './formats/read-records.ts'
import { atSetting } from './locations/faults.ts'
import type { FoundFile, Location, OpenedFile } from './locations/location.ts'
import { START, type Batch } from './read.ts'
import type { FileRecord } from './record.ts'
import type { Settings } from './settings.ts'

const FILES_SAMPLED = 50
const FIRST_SAMPLED = 10
const RECORDS_SAMPLED = 1000
/** As much of a text from elsewhere, or of a packed one, as is fetched to find that many records. */
const BYTES_SAMPLED = 4 * 1024 ** 2
const MOST_COLUMNS = 300

/** How a file looked when it was sampled; the hash only where a listing does not tell size and time. */
export type Looked = readonly [size: number, mtime: number, hash?: string]

/** What the sampled files have shown. */
export interface Sample {
  readonly columns: ReadonlyMap<string, Profile>
  readonly records: number
  readonly hasUniqueId: boolean
}

/** What is looked into. */
export interface SampleOptions {
  readonly location: Location
  readonly files: readonly FoundFile[]
  /** How files looked before; those that look the same are left alone. How they look now is noted in it. */
  readonly sampled: Record<string, Looked>
  /** Somebody waits for an answer: a first file that cannot be read is an error and not skipped. */
  readonly isTest: boolean
}

/** Always the same files for the same folder: the first ten and the last forty by name, because new ones mostly come last. */
export function sampledFiles(all: readonly FoundFile[]): readonly FoundFile[] {
  const files = all.filter(({ refused }) => refused === null)
  return files.length <= FILES_SAMPLED ? files : [...files.slice(0, FIRST_SAMPLED), ...files.slice(FIRST_SAMPLED - FILES_SAMPLED)]
}

/** Looks into the beginnings of files. Throws a `ConfigError` when they have more columns than a table can. */
export async function takeSample(options: SampleOptions, { config, signal }: Context<Settings>): Promise<Sample> {
  const columns = new Map<string, Profile>()
  const profileOf = (source: string): Profile => {
    let profile = columns.get(source)
    if (profile === undefined) columns.set(source, (profile = new Profile()))
    return profile
  }
  const ids = new Set<unknown>()
  let records = 0
  for (const file of options.files) {
    signal.throwIfAborted()
    const found = await beginningOf(file, options, config)
    if (found === null) continue
    for (const [source, declared] of found.declared) profileOf(source).declare(declared)
    for (const { values, typed } of found.records) {
      records++
      for (const [source, value] of Object.entries(values ?? {}))
        profileOf(source).add(value, typed, found.declared.get(source)?.kind ?? null)
      const id = values?.['id']
      if (id !== null && id !== undefined && id !== '') ids.add(id)
    }
  }
  if (columns.size > MOST_COLUMNS)
    throw new ConfigError(`The files have ${columns.size} columns; at most ${MOST_COLUMNS} can be loaded. Choose fewer files by a pattern.`)
  return { columns, records, hasUniqueId: records > 0 && ids.size === records && columns.get('id')!.canBeKey }
}

/** What the beginning of a file shows. */
interface Beginning {
  readonly records: readonly FileRecord[]
  readonly declared: ReadonlyMap<string, Declared>
}

/** Null for a file that looks as it did before, and for one that is gone. */
async function beginningOf(file: FoundFile, options: SampleOptions, config: Settings): Promise<Beginning | null> {
  const { location, sampled, isTest } = options
  const [size, mtime, hash = null] = sampled[file.path] ?? []
  if (file.size >= 0 && size === file.size && mtime === file.mtime) return null
  const mustBeRead = isTest && file === options.files[0]
  const opened = await openReadable(location, file, hash, mustBeRead)
  if (opened === null) return null
  try {
    if (opened.hash === hash) return null
    sampled[file.path] = file.size >= 0 ? [file.size, file.mtime] : [file.size, file.mtime, opened.hash]
    if (!mustBeRead) return await firstRecords(readRecords(opened, START, config, BYTES_SAMPLED))
    return await firstRecords(readContent(await opened.content(BYTES_SAMPLED), START, config))
  } catch (error) {
    if (!(error instanceof FileFault)) throw error
    const field = error.setting ?? (config.address === '' ? 'folder' : 'address')
    throw atSetting(field, `${file.path}: ${error.message}`, error)
  } finally {
    await opened.close()
  }
}

async function firstRecords(batches: AsyncIterable<Batch>): Promise<Beginning> {
  const records: FileRecord[] = []
  let declared: ReadonlyMap<string, Declared> = new Map()
  for await (const batch of batches) {
    declared = batch.columns ?? declared
    for (const record of batch.records) if (record.problem === null) records.push(recordValue(record) as FileRecord)
    if (records.length >= RECORDS_SAMPLED) break
  }
  return { records: records.slice(0, RECORDS_SAMPLED), declared }
}

/** A file that the system does not let us open is set aside by the load, and no reason to know nothing. */
const openReadable = (location: Location, file: FoundFile, known: string | null, mustBeRead: boolean): Promise<OpenedFile | null> =>
  location.open(file, known).catch((error: unknown) => {
    if (!(error instanceof Error && 'syscall' in error)) throw error
    if (!mustBeRead) return null
    const { code } = error as NodeJS.ErrnoException
    throw new ConfigError(`${file.path} cannot be opened (${code}). Let whoever runs Handover give it the right to read it.`, {
      cause: error,
    })
  })
