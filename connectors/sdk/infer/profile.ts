import type { Role } from '../contract.ts'
import { kindOfValue, lacksOffset, widen, type FoundKind } from './kinds.ts'

/** What is made of a column's name and values when nobody has described it. */
export interface Guess {
  readonly about: string
  readonly role: Role | null
  readonly personal: boolean
}

/** What a schema at the source says about a column. */
export interface Declared {
  readonly kind: FoundKind
  /** Of exact decimals only. */
  readonly precision?: number
  readonly scale?: number
}

/** A text column with few different values that come again and again is a category. */
const MOST_CATEGORIES = 20
const LONGEST_CATEGORY = 40
const LEAST_REPEATS = 5
const LONGEST_KEY = 191
const MOST_DIGITS = 18

const LATITUDE = /^lat(?:itude)?$|[._ ]lat(?:itude)?$/i
const LONGITUDE = /^(?:lon|lng|long|longitude)$|[._ ](?:lon|lng|longitude)$/i
const URL_NAME = /(?:url|link|href|website)$/i
const PERSONAL = /e-?mail|phone|mobile|password|passwd|ssn|social.?security|personnummer|birth|first.?name|last.?name|surname|iban/i

/** What the sampled values of one column have shown so far. */
export class Profile {
  kind: FoundKind | null = null
  count = 0
  /** Digits behind the point, of exact decimals. */
  scale = 0
  #whole = 0
  readonly #distinct = new Set<string>()
  #longest = 0
  #lacksOffset = false
  #isUrl = true

  /** What the schema of a file says; decimals of several files get room for all of them. */
  declare({ kind, precision = 0, scale = 0 }: Declared): void {
    this.kind = widen(this.kind, kind)
    if (kind !== 'decimal') return
    this.scale = Math.max(this.scale, scale)
    this.#whole = Math.max(this.#whole, precision - scale)
    if (this.precision > MOST_DIGITS) this.kind = 'text'
  }

  /** `kind` is the one that a schema declares. Of times only the values tell how fine they are. */
  add(value: unknown, typed: boolean, kind: FoundKind | null = null): void {
    if (value === null || value === undefined || value === '') return
    this.count++
    if (kind === null || kind === 'instant') this.kind = widen(this.kind, kindOfValue(value, typed))
    if (typeof value !== 'string') return
    this.#longest = Math.max(this.#longest, value.length)
    if (this.#distinct.size <= MOST_CATEGORIES) this.#distinct.add(value)
    this.#lacksOffset ||= lacksOffset(value)
    this.#isUrl &&= /^https?:\/\//i.test(value)
  }

  /** Digits of exact decimals. */
  get precision(): number {
    return this.#whole + this.scale
  }

  /** False for texts that databases cannot find rows by. */
  get canBeKey(): boolean {
    return this.kind !== 'double' && this.kind !== 'json' && this.kind !== 'boolean' && this.#longest <= LONGEST_KEY
  }

  /** What is likely, from its name at the source and the values; `about` is what is said of it. Times and labels are chosen among all columns, see `chosenRoles`. */
  guess(source: string, about: string): Guess {
    return {
      about: this.kind === 'instant' && this.#lacksOffset ? `${about} Times that name no zone are taken as UTC.` : about,
      role: this.#role(source),
      personal: PERSONAL.test(source),
    }
  }

  #role(source: string): Guess['role'] {
    if (this.kind === 'double' || this.kind === 'int' || this.kind === 'decimal')
      return LATITUDE.test(source) ? 'latitude' : LONGITUDE.test(source) ? 'longitude' : null
    if (this.kind !== 'text' || this.count === 0) return null
    if (this.#isUrl && URL_NAME.test(source)) return 'url'
    const { size } = this.#distinct
    return size >= 2 && size <= MOST_CATEGORIES && size * LEAST_REPEATS <= this.count && this.#longest <= LONGEST_CATEGORY
      ? 'category'
      : null
  }
}

const TIME_NAMES = ['time', 'timestamp', 'datetime', 'date', 'day', 'created', 'createdat', 'updated', 'updatedat']
const LABEL_NAMES = ['name', 'title', 'label', 'place', 'headline', 'namn', 'titel', 'plats']

/** The column that stands for the time of a record, and the one that stands for its name, by what they are called. */
export function chosenRoles(columns: ReadonlyMap<string, Profile>): { time: string | null; label: string | null } {
  const sources = [...columns.keys()]
  const ofKind = (...kinds: FoundKind[]) => sources.filter((source) => kinds.includes(columns.get(source)!.kind ?? 'text'))
  const times = ofKind('instant', 'date')
  return { time: firstNamed(times, TIME_NAMES) ?? ofKind('instant')[0] ?? times[0] ?? null, label: firstNamed(ofKind('text'), LABEL_NAMES) }
}

function firstNamed(sources: readonly string[], names: readonly string[]): string | null {
  for (const name of names) {
    const found = sources.find((source) => lastWord(source) === name)
    if (found !== undefined) return found
  }
  return null
}

/** `properties.Created_At` becomes `createdat`. */
const lastWord = (source: string): string => (source.split('.').at(-1) ?? '').replace(/[^A-Za-z]/g, '').toLowerCase()
