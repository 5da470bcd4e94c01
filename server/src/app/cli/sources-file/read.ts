import { isMap, isNode, LineCounter, parseDocument, type Document } from 'yaml'
import { nearest } from '../../../shared/nearest.ts'
import { intervalSeconds, SecretReference, type DescribedSource, type ScheduleInput } from './described-source.ts'

/** Faults of a file, each with its line. */
export class FileFaults extends Error {
  readonly faults: readonly string[]

  constructor(faults: readonly string[]) {
    super(faults.join('\n'))
    this.faults = faults
  }
}

type Path = readonly (string | number)[]

const TOP = ['version', 'sources']
const SOURCE = ['title', 'connector', 'schedule', 'paused', 'settings']
const SCHEDULE = ['every', 'cron', 'timeZone']
const VERSION = 1

/** Reads a file of sources. Throws `FileFaults` with every fault and its line; what a word means is not guessed (`no` is a text, as in YAML 1.2). */
export function readSources(text: string): DescribedSource[] {
  const lines = new LineCounter()
  const document = parseDocument(text, {
    ...{ version: '1.2', schema: 'core', lineCounter: lines, uniqueKeys: true, intAsBigInt: true },
    // Tags would make other things of what stands there: `!!binary` bytes, `!!set` a set.
    ...{ stringKeys: true, resolveKnownTags: false },
  })
  const errors = [...document.errors, ...document.warnings]
  if (errors.length > 0)
    throw new FileFaults(
      errors.map(({ message, pos }) => `Line ${lines.linePos(pos[0]).line}: ${message.split('\n')[0]!.replace(/ at line \d+.*$/, '')}.`),
    )
  const reading = new Reading(document, lines)
  const sources = reading.sources()
  if (reading.faults.length > 0) throw new FileFaults(reading.faults)
  return sources
}

class Reading {
  readonly faults: string[] = []
  readonly #document: Document
  readonly #lines: LineCounter

  constructor(document: Document, lines: LineCounter) {
    this.#document = document
    this.#lines = lines
  }

  sources(): DescribedSource[] {
    const all = this.#content()
    if (!isRecord(all)) return this.#fault([], 'The file must begin with "version: 1" and "sources:".', [])
    this.#known(all, TOP, [])
    if (all['version'] !== BigInt(VERSION)) {
      const newer =
        typeof all['version'] === 'bigint' && all['version'] > VERSION
          ? 'It was written by a newer Handover; use that one.'
          : `Write "version: ${VERSION}".`
      return this.#fault(['version'], `This version of Handover reads files of version ${VERSION}. ${newer}`, [])
    }
    if (!isRecord(all['sources'])) return this.#fault(['sources'], '"sources:" must hold a part for each source, under its slug.', [])
    return Object.entries(all['sources']).flatMap(([slug, value]) => this.#source(slug, value))
  }

  /** No references within the file (`&`, `*`): they are how a small file becomes a large one. */
  #content(): unknown {
    try {
      return this.#document.toJS({ maxAliasCount: 0 })
    } catch {
      throw new FileFaults(['The file refers to parts of itself (& and *). Write them out.'])
    }
  }

  #source(slug: string, value: unknown): DescribedSource[] {
    const path = ['sources', slug]
    if (!isRecord(value)) return this.#fault(path, `The source "${slug}" needs a title, a connector and settings.`, [])
    this.#known(value, SOURCE, path)
    const title = this.#text(value, 'title', path)
    const connector = this.#text(value, 'connector', path)
    const paused = value['paused'] ?? false
    if (typeof paused !== 'boolean') this.#fault([...path, 'paused'], '"paused" is true or false.', null)
    const settings = value['settings'] ?? {}
    if (!isRecord(settings)) return this.#fault([...path, 'settings'], '"settings" must hold values by their names.', [])
    const schedule = this.#schedule(value['schedule'] ?? null, [...path, 'schedule'])
    return [
      {
        slug,
        title,
        connector,
        paused: paused === true,
        schedule,
        settings: this.#plain(settings, [...path, 'settings']) as Record<string, unknown>,
      },
    ]
  }

  #schedule(value: unknown, path: Path): ScheduleInput | null {
    if (value === null) return null
    if (!isRecord(value)) return this.#fault(path, 'A schedule is "every: 2 minutes", or "cron" with "timeZone".', null)
    this.#known(value, SCHEDULE, path)
    const { every, cron, timeZone } = value
    if (every !== undefined) {
      const seconds = typeof every === 'string' ? intervalSeconds(every) : null
      if (seconds === null || cron !== undefined || timeZone !== undefined)
        return this.#fault(
          [...path, 'every'],
          'An interval is written like "every: 2 minutes" (seconds, minutes, hours, days), and stands alone.',
          null,
        )
      return { every: seconds }
    }
    if (typeof cron !== 'string' || typeof timeZone !== 'string')
      return this.#fault(path, 'A cron line needs both: cron: "0 3 * * *" and timeZone: Europe/Stockholm.', null)
    return { cron, timeZone }
  }

  #text(value: Record<string, unknown>, name: string, path: Path): string {
    const text = value[name]
    if (typeof text === 'string' && text !== '') return text
    const where = text === undefined ? path : [...path, name]
    return this.#fault(where, text === undefined ? `The ${name} is missing.` : `The ${name} must be a text; write it in quotes.`, '')
  }

  /** Values of settings, with references and exact numbers. */
  #plain(value: unknown, path: Path): unknown {
    if (typeof value === 'bigint') {
      if (Number.isSafeInteger(Number(value))) return Number(value)
      return this.#fault(path, `The number ${value} is too long to be kept exactly. Write it in quotes.`, 0)
    }
    if (typeof value === 'number' && !Number.isFinite(value)) return this.#fault(path, `${value} is no number that a setting can have.`, 0)
    if (typeof value === 'string') {
      const [, dollars, name] = /^(\$+)\{([A-Z][A-Z\d_]*)\}$/.exec(value) ?? []
      if (name === undefined) return value
      return dollars === '$' ? new SecretReference(name) : value.slice(1)
    }
    if (Array.isArray(value)) return value.map((each, index) => this.#plain(each, [...path, index]))
    if (!isRecord(value)) return value
    return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, this.#plain(each, [...path, name])]))
  }

  #known(value: Record<string, unknown>, names: readonly string[], path: Path): void {
    for (const name of Object.keys(value)) {
      if (names.includes(name)) continue
      const hint = nearest(name, names)
      this.#fault(
        [...path, name],
        `There is no "${name}" here. ${hint ? `Did you mean "${hint}"?` : `There are: ${names.join(', ')}.`}`,
        null,
      )
    }
  }

  #fault<T>(path: Path, sentence: string, instead: T): T {
    const at = path.length === 0 ? null : this.#place(path)
    this.faults.push(at === null ? sentence : `Line ${at}: ${sentence}`)
    return instead
  }

  /** Line of a part of the file, or of what it stands in. */
  #place(path: Path): number | null {
    for (let length = path.length; length > 0; length--) {
      const parent = length === 1 ? this.#document.contents : this.#document.getIn(path.slice(0, length - 1), true)
      const key = isMap(parent)
        ? parent.items.find((item) => String((item.key as { value?: unknown }).value) === String(path[length - 1]))?.key
        : undefined
      if (isNode(key) && key.range) return this.#lines.linePos(key.range[0]).line
    }
    return null
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
