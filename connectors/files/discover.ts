import { ConfigError, titleOf, type Column, type Context, type DiscoveredDataset, type Discovery, type Json } from '@handover/sdk'
import { chosenRoles, freeName, safeName, widenKnown, type Guess } from '@handover/sdk/infer'
import type { Location } from './locations/location.ts'
import { locationOf, nameOfPlace, placeInWords } from './locations/location-of.ts'
import { datasetName } from './names.ts'
import { sampledFiles, takeSample, type Looked, type Sample } from './sample.ts'
import { fingerprint, type Settings } from './settings.ts'
import { readSidecar, type Sidecar, type SidecarColumn } from './sidecar.ts'
import { hintOf, readHint, type KnownColumn, type PlaceColumns } from './transform.ts'

const LONGEST_KEY = 191

/** What discovery notes for itself: which files it has looked at, and with which settings. */
interface StreamHint {
  readonly settings: string
  readonly sampled: Readonly<Record<string, Looked>>
  /** True when rows are known by file and place in the file. */
  readonly byPlace: boolean
}

/** True when the rows of this stream are known by file and place in the file; `hint` is the stream's. */
export const isKeyedByPlace = (hint: Json): boolean => (hint as unknown as StreamHint | null)?.byPlace ?? false

/** Learns the one dataset of a location from a sample of its files. What an earlier discovery found stays: columns are added and widened, never dropped. */
export async function discover(context: Context<Settings>, previous: Discovery | null): Promise<Discovery> {
  return discoverIn(await locationOf(context), context, previous)
}

/** The same for a location that is known already. With `isTest` the first file must be one that can be read, else a `ConfigError` says what is wrong. */
export async function discoverIn(
  location: Location,
  context: Context<Settings>,
  previous: Discovery | null,
  isTest = false,
): Promise<Discovery> {
  const { config } = context
  const files = sampledFiles(await location.list())
  const before = previous?.datasets[0]
  if (files.length === 0 && before === undefined) return { streams: [], datasets: [] }
  const last = previous?.streams[0]?.hint as unknown as StreamHint | undefined
  const sidecar = await readSidecar(location)
  const sampled = last?.settings === fingerprint(config) ? { ...last?.sampled } : {}
  const sample = await takeSample({ location, files, sampled, isTest }, context)
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
    const guess = chosenGuess(source, profile.guess(source, `Column “${source}” of the files.`), roles, before)
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
