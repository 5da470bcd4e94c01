import {
  ConfigError,
  recordValue,
  titleOf,
  type Column,
  type Context,
  type DiscoveredDataset,
  type Discovery,
  type Json,
} from '@handover/sdk'
import { listFiles, openFile, sourceFolder, type FoundFile } from './folder.ts'
import { widenKnown } from './kinds.ts'
import { datasetName, freeName, safeName } from './names.ts'
import { chosenRoles, Profile } from './profile.ts'
import { readRecords, START } from './read.ts'
import type { FileRecord } from './record.ts'
import type { Settings } from './settings.ts'
import { readSidecar, type Sidecar, type SidecarColumn } from './sidecar.ts'
import { hintOf, readHint, type Guess, type KnownColumn, type PlaceColumns } from './transform.ts'

const FILES_SAMPLED = 50
const FIRST_SAMPLED = 10
const RECORDS_SAMPLED = 1000
const MOST_COLUMNS = 300
const LONGEST_KEY = 191

/** What discovery notes for itself: which files it has looked at, and with which settings. */
interface StreamHint {
  readonly settings: Settings
  readonly sampled: Readonly<Record<string, readonly [size: number, mtime: number]>>
  /** True when rows are known by file and place in the file. */
  readonly byPlace: boolean
}

/** True when the rows of this stream are known by file and place in the file; `hint` is the stream's. */
export const isKeyedByPlace = (hint: Json): boolean => (hint as unknown as StreamHint | null)?.byPlace ?? false

/** What the sampled files have shown. */
interface Sample {
  readonly columns: ReadonlyMap<string, Profile>
  readonly records: number
  readonly hasUniqueId: boolean
}

/** Learns the one dataset of a folder from a sample of its files. What an earlier discovery found stays: columns are added and widened, never dropped. */
export async function discover(context: Context<Settings>, previous: Discovery | null): Promise<Discovery> {
  const { config } = context
  const folder = await sourceFolder(context.filesFolder, config.folder)
  const files = chosen(await listFiles(folder, config.pattern))
  const before = previous?.datasets[0]
  if (files.length === 0 && before === undefined) return { streams: [], datasets: [] }
  const last = previous?.streams[0]?.hint as unknown as StreamHint | undefined
  const sidecar = await readSidecar(folder)
  const isNew = (file: FoundFile): boolean => {
    const seen = isSame(last?.settings, config) ? last?.sampled[file.path] : undefined
    return seen?.[0] !== file.size || seen[1] !== file.mtime
  }
  const sample = await sampleOf(files.filter(isNew), context)
  const dataset = datasetOf(config, before, sample, sidecar)
  if (dataset === null) return { streams: [], datasets: [] }
  const sampled = Object.fromEntries(files.map((file) => [file.path, [file.size, file.mtime] as const]))
  const { place } = readHint(dataset.hint)
  const hint: StreamHint = { settings: config, sampled, byPlace: place !== null && dataset.key.includes(place.record) }
  const stream = { name: dataset.from, about: 'One record per line of a file, or per element of its list.', hint: hint as unknown as Json }
  return { streams: [stream], datasets: [dataset], ...(sidecar.dataset.provider && { provider: sidecar.dataset.provider }) }
}

/** Always the same files for the same folder: the first ten and the last forty by name, because new ones mostly come last. */
function chosen(files: readonly FoundFile[]): readonly FoundFile[] {
  return files.length <= FILES_SAMPLED ? files : [...files.slice(0, FIRST_SAMPLED), ...files.slice(FIRST_SAMPLED - FILES_SAMPLED)]
}

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

async function sampleOf(files: readonly FoundFile[], { config, signal }: Context<Settings>): Promise<Sample> {
  const columns = new Map<string, Profile>()
  const ids = new Set<unknown>()
  let records = 0
  for (const file of files) {
    signal.throwIfAborted()
    for (const { values, typed } of await firstRecords(file, config.records)) {
      records++
      for (const [source, value] of Object.entries(values ?? {})) {
        let profile = columns.get(source)
        if (profile === undefined) columns.set(source, (profile = new Profile()))
        profile.add(value, typed)
      }
      const id = values?.['id']
      if (id !== null && id !== undefined && id !== '') ids.add(id)
    }
  }
  if (columns.size > MOST_COLUMNS)
    throw new ConfigError(`The files have ${columns.size} columns; at most ${MOST_COLUMNS} can be loaded. Choose fewer files by a pattern.`)
  return { columns, records, hasUniqueId: records > 0 && ids.size === records && columns.get('id')!.canBeKey }
}

/** The first records of a file that can be read; none of a file that cannot. */
async function firstRecords(file: FoundFile, listPath: string): Promise<FileRecord[]> {
  const opened = await openFile(file).catch(() => null)
  if (opened === null) return []
  try {
    const records: FileRecord[] = []
    for await (const batch of readRecords(opened, START, listPath)) {
      for (const record of batch.records) if (record.problem === null) records.push(recordValue(record) as FileRecord)
      if (records.length >= RECORDS_SAMPLED) break
    }
    return records.slice(0, RECORDS_SAMPLED)
  } finally {
    await opened.handle.close()
  }
}

function datasetOf(config: Settings, before: DiscoveredDataset | undefined, sample: Sample, sidecar: Sidecar): DiscoveredDataset | null {
  const known = before === undefined ? null : readHint(before.hint)
  const columns = knownColumns(known?.columns ?? [], sample, sidecar, known?.place ?? null)
  if (columns.length === 0) return null
  const key =
    wantedKey(config, sidecar, columns) ??
    before?.key ??
    (sample.hasUniqueId ? [columns.find((column) => column.source === 'id')!.name] : null)
  const place = known === null && key === null ? freePlace(columns) : (known?.place ?? null)
  const finalKey = key ?? [place!.file, place!.record]
  const name = before?.name ?? datasetName(config.folder)
  return {
    name,
    title: sidecar.dataset.title ?? titleOf(name),
    about:
      sidecar.dataset.about ?? `Records of the files in ${config.folder === '' ? 'the files folder' : `the folder “${config.folder}”`}.`,
    from: name,
    key: finalKey,
    load: 'merge',
    columns: [...placeColumns(place), ...columns.map((column) => toColumn(column, finalKey, saidOf(column, sidecar)))],
    hint: hintOf({ columns, place }),
  }
}

/** Columns that are known, widened where new values ask for it, and behind them the new ones in the order in which they were met. */
function knownColumns(before: readonly KnownColumn[], sample: Sample, sidecar: Sidecar, place: PlaceColumns | null): KnownColumn[] {
  const taken = new Set([...before.map((column) => column.name), ...Object.values(place ?? {})].map((name) => name.toLowerCase()))
  const roles = chosenRoles(sample.columns)
  const columns = before.map((column): KnownColumn => {
    const seen = sample.columns.get(column.source)?.kind ?? null
    return { ...column, kind: saidOf(column, sidecar)?.type ?? widenKnown(column.kind, seen) }
  })
  for (const [source, profile] of sample.columns) {
    if (before.some((column) => column.source === source)) continue
    const name = freeName(safeName(source, `column_${columns.length + 1}`), taken)
    const guess = chosenGuess(source, profile.guess(source), roles, before)
    columns.push({ name, source, kind: saidOf({ name, source }, sidecar)?.type ?? profile.kind ?? 'text', guess })
  }
  return columns
}

/** One column at most stands for the time, and one for the name. */
function chosenGuess(source: string, guess: Guess, roles: ReturnType<typeof chosenRoles>, before: readonly KnownColumn[]): Guess {
  const isFree = (role: string): boolean => !before.some((column) => column.guess.role === role)
  if (roles.time === source && isFree('time')) return { ...guess, role: 'time' }
  if (roles.label === source && isFree('label')) return { ...guess, role: 'label' }
  return guess
}

const saidOf = ({ name, source }: Pick<KnownColumn, 'name' | 'source'>, sidecar: Sidecar): SidecarColumn | undefined =>
  sidecar.columns.get(source) ?? sidecar.columns.get(name)

/** The key that the settings or the sidecar ask for, as names of columns; null when they ask for none. */
function wantedKey(config: Settings, sidecar: Sidecar, columns: readonly KnownColumn[]): string[] | null {
  const wanted = config.key.trim() === '' ? sidecar.dataset.key : config.key.split(',').map((name) => name.trim())
  return (
    wanted?.map((name) => {
      const column = columns.find(({ source }) => source === name) ?? columns.find((candidate) => candidate.name === name)
      if (column !== undefined) return column.name
      const has = columns.map(({ source }) => source).join(', ')
      const message = `The key names a column "${name}" that the files do not have. They have: ${has}.`
      throw new ConfigError(message, { fields: [{ name: 'key', message }] })
    }) ?? null
  )
}

function freePlace(columns: readonly KnownColumn[]): PlaceColumns {
  const taken = new Set(columns.map((column) => column.name.toLowerCase()))
  return { file: freeName('file', taken), record: freeName('record', taken) }
}

const PLAIN = { precision: null, scale: null, values: null, unit: null, role: null, personal: false } as const

function placeColumns(place: PlaceColumns | null): Column[] {
  if (place === null) return []
  return [
    {
      ...PLAIN,
      name: place.file,
      title: 'File',
      about: 'The file that the record stands in.',
      kind: 'text',
      nullable: false,
      max: LONGEST_KEY,
    },
    {
      ...PLAIN,
      name: place.record,
      title: 'Record',
      about: 'Which record of the file it is; 1 is the first.',
      kind: 'int',
      nullable: false,
      max: null,
    },
  ]
}

function toColumn({ name, source, kind, guess }: KnownColumn, key: readonly string[], said: SidecarColumn | undefined): Column {
  const isKey = key.includes(name)
  const role = said?.role === undefined ? guess.role : said.role
  return {
    ...PLAIN,
    name,
    title: said?.title ?? (/^[A-Za-z]\w*$/.test(source) ? titleOf(source) : source),
    about: said?.about ?? guess.about,
    kind,
    nullable: !isKey,
    max: kind === 'text' && isKey ? LONGEST_KEY : null,
    unit: said?.unit ?? (role === 'latitude' || role === 'longitude' ? 'degrees' : null),
    role,
    personal: said?.personal ?? guess.personal,
  }
}
