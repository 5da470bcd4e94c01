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
import { readRecords } from './formats/read-records.ts'
import type { Declared } from './formats/parquet-types.ts'
import { widenKnown } from './kinds.ts'
import type { FoundFile, Location, OpenedFile } from './locations/location.ts'
import { locationOf, nameOfPlace, placeInWords } from './locations/location-of.ts'
import { datasetName, freeName, safeName } from './names.ts'
import { chosenRoles, Profile } from './profile.ts'
import { START } from './read.ts'
import type { FileRecord } from './record.ts'
import { fingerprint, type Settings } from './settings.ts'
import { readSidecar, type Sidecar, type SidecarColumn } from './sidecar.ts'
import { hintOf, readHint, type Guess, type KnownColumn, type PlaceColumns } from './transform.ts'

const FILES_SAMPLED = 50
const FIRST_SAMPLED = 10
const RECORDS_SAMPLED = 1000
/** As much of a packed text as is unpacked to find that many records. */
const BYTES_SAMPLED = 4 * 1024 ** 2
const MOST_COLUMNS = 300
const LONGEST_KEY = 191

/** How a file looked when it was sampled; the hash only where a listing does not tell size and time. */
type Looked = readonly [size: number, mtime: number, hash?: string]

/** What discovery notes for itself: which files it has looked at, and with which settings. */
interface StreamHint {
  readonly settings: string
  readonly sampled: Readonly<Record<string, Looked>>
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

/** Learns the one dataset of a location from a sample of its files. What an earlier discovery found stays: columns are added and widened, never dropped. */
export async function discover(context: Context<Settings>, previous: Discovery | null): Promise<Discovery> {
  const { config } = context
  const location = await locationOf(context)
  const files = chosen((await location.list()).filter(({ refused }) => refused === null))
  const before = previous?.datasets[0]
  if (files.length === 0 && before === undefined) return { streams: [], datasets: [] }
  const last = previous?.streams[0]?.hint as unknown as StreamHint | undefined
  const sidecar = await readSidecar(location)
  const sampled = last?.settings === fingerprint(config) ? { ...last?.sampled } : {}
  const sample = await sampleOf(location, files, sampled, context)
  const dataset = datasetOf(config, before, sample, sidecar)
  if (dataset === null) return { streams: [], datasets: [] }
  const { place } = readHint(dataset.hint)
  const hint: StreamHint = {
    settings: fingerprint(config),
    sampled: Object.fromEntries(files.flatMap(({ path }) => (sampled[path] === undefined ? [] : [[path, sampled[path]]]))),
    byPlace: place !== null && dataset.key.includes(place.record),
  }
  const stream = { name: dataset.from, about: 'One record per line of a file, or per element of its list.', hint: hint as unknown as Json }
  return { streams: [stream], datasets: [dataset], ...(sidecar.dataset.provider && { provider: sidecar.dataset.provider }) }
}

/** Always the same files for the same folder: the first ten and the last forty by name, because new ones mostly come last. */
function chosen(files: readonly FoundFile[]): readonly FoundFile[] {
  return files.length <= FILES_SAMPLED ? files : [...files.slice(0, FIRST_SAMPLED), ...files.slice(FIRST_SAMPLED - FILES_SAMPLED)]
}

/** Looks into the files that look otherwise than `sampled` says, and notes there how they look. */
async function sampleOf(
  location: Location,
  files: readonly FoundFile[],
  sampled: Record<string, Looked>,
  { config, signal }: Context<Settings>,
): Promise<Sample> {
  const columns = new Map<string, Profile>()
  const profileOf = (source: string): Profile => {
    let profile = columns.get(source)
    if (profile === undefined) columns.set(source, (profile = new Profile()))
    return profile
  }
  const ids = new Set<unknown>()
  let records = 0
  for (const file of files) {
    signal.throwIfAborted()
    const known = sampled[file.path]
    if (file.size >= 0 && known?.[0] === file.size && known[1] === file.mtime) continue
    const found = await firstRecords(location, file, known?.[2] ?? null, config)
    if (found === null) continue
    sampled[file.path] = file.size >= 0 ? [file.size, file.mtime] : [file.size, file.mtime, found.hash]
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
  readonly hash: string
  readonly records: readonly FileRecord[]
  readonly declared: ReadonlyMap<string, Declared>
}

/** The first records of a file that can be read; none of a file that cannot, and null for a version that is known. */
async function firstRecords(location: Location, file: FoundFile, known: string | null, config: Settings): Promise<Beginning | null> {
  const opened = await openReadable(location, file, known)
  if (opened === null || opened.hash === known) {
    await opened?.close()
    return null
  }
  try {
    const records: FileRecord[] = []
    let declared: ReadonlyMap<string, Declared> = new Map()
    for await (const batch of readRecords(opened, START, config, BYTES_SAMPLED)) {
      declared = batch.columns ?? declared
      for (const record of batch.records) if (record.problem === null) records.push(recordValue(record) as FileRecord)
      if (records.length >= RECORDS_SAMPLED) break
    }
    return { hash: opened.hash, records: records.slice(0, RECORDS_SAMPLED), declared }
  } finally {
    await opened.close()
  }
}

/** A file that the system does not let us open is set aside by the load, and no reason to know nothing. */
const openReadable = (location: Location, file: FoundFile, known: string | null): Promise<OpenedFile | null> =>
  location.open(file, known).catch((error: unknown) => {
    if (error instanceof Error && 'syscall' in error) return null
    throw error
  })

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
  const name = before?.name ?? datasetName(nameOfPlace(config))
  return {
    name,
    title: sidecar.dataset.title ?? titleOf(name),
    about: sidecar.dataset.about ?? `Records of the files in ${placeInWords(config)}.`,
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
    const kind = saidOf({ name, source }, sidecar)?.type ?? profile.kind ?? 'text'
    const digits = kind === 'decimal' ? { precision: profile.precision, scale: profile.scale } : {}
    columns.push({ name, source, kind, ...digits, guess })
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

function toColumn(
  { name, source, kind, guess, precision, scale }: KnownColumn,
  key: readonly string[],
  said: SidecarColumn | undefined,
): Column {
  const isKey = key.includes(name)
  const role = said?.role === undefined ? guess.role : said.role
  return {
    ...PLAIN,
    name,
    title: said?.title ?? (/^[A-Za-z]\w*$/.test(source) ? titleOf(source) : source),
    about: said?.about ?? guess.about,
    kind,
    ...(kind === 'decimal' && { precision: precision ?? null, scale: scale ?? null }),
    nullable: !isKey,
    max: kind === 'text' && isKey ? LONGEST_KEY : null,
    unit: said?.unit ?? (role === 'latitude' || role === 'longitude' ? 'degrees' : null),
    role,
    personal: said?.personal ?? guess.personal,
  }
}
