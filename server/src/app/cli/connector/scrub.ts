import { stringifyJson } from '@handover/sdk'
import type { RecordedAnswer } from '@handover/sdk/host'
import { leavesOf, mapLeaves, type Leaf } from './json-leaves.ts'
import { jsonLines, jsonOf } from './json-text.ts'
import type { PersonalValues } from './personal-values.ts'
import { isTelling } from './query-secrets.ts'

/**
 * Names whose values are secrets wherever they stand: in an address, in what was posted, in an answer. Tokens of pages are among them, which does
 * no harm: what stands for them is the same everywhere.
 */
const SECRET = /token|jwt|secret|passw|api_?key|private_?key|signature|assertion|credential/i
/** Of these even a plain word or number is one. */
const CERTAIN = /(access|refresh|id|auth|session)_?token|secret|passw/i
/** Names that are secrets where somebody signs in, and say nothing elsewhere. */
const POSTED = /^(code|pin|otp)$/i
/** Names in addresses whose values are secrets when they look like one. */
const PERHAPS_SECRET = /key|token|sig|auth|cred|session/i
const RANDOM = /^(?=.*\d)\S{8,}$|^\S{20,}$/
/** What is shorter is not told apart from ordinary text. */
export const LEAST_SECRET = 4
/** Shorter texts occur by chance inside of others, so they are replaced only as a whole. */
const LEAST_PART = 6
const LEAST_IN_TEXT = 3

/** The secrets in recorded answers and what stands for them: those of the settings, and those that go through addresses and answers. */
export function secretsOf(answers: readonly RecordedAnswer[], settings: ReadonlyMap<string, string>): Map<string, string> {
  const secrets = new Map([...settings].flatMap(([secret, made]) => spellings(secret, made)))
  const note = (name: string, value: unknown, isSecret: boolean): void => {
    if (typeof value !== 'string' || !isSecret || value.length < LEAST_SECRET || secrets.has(value)) return
    if (!isTelling(value) && !(CERTAIN.test(name) && value.length >= LEAST_PART)) return
    const made = `made-up-${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}-${secrets.size}`
    for (const [each, instead] of spellings(value, made)) secrets.set(each, instead)
  }
  for (const { request, body } of answers) {
    for (const [name, value] of new URL(request.url).searchParams)
      note(name, value, SECRET.test(name) || (PERHAPS_SECRET.test(name) && RANDOM.test(value)))
    const posted = jsonOf(request.body ?? '')
    const form =
      posted === undefined ? [...new URLSearchParams(request.body ?? '')].map(([name, value]) => ({ name, value })) : leavesOf(posted)
    for (const { name, value } of form) note(name, value, SECRET.test(name) || POSTED.test(name))
    for (const { name, value } of leavesOf(jsonOf(textOf(body)) ?? jsonLines(textOf(body)))) note(name, value, SECRET.test(name))
  }
  return secrets
}

/** A secret as it may be written: as it is, in an address, in a form, in JSON, in base64. */
function spellings(secret: string, made: string): [string, string][] {
  const ways = [
    (text: string) => text,
    encodeURIComponent,
    (text: string) => new URLSearchParams({ a: text }).toString().slice(2),
    (text: string) => JSON.stringify(text).slice(1, -1),
    (text: string) => Buffer.from(text).toString('base64'),
  ]
  return ways.map((way) => [way(secret), way(made)])
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString()

/** Puts made-up values in the place of secrets and of what is about persons, the same ones everywhere. */
export class Scrubber {
  readonly #secrets: Replacer
  readonly #parts: Replacer
  readonly #words: Replacer
  readonly #personal: PersonalValues

  constructor(secrets: ReadonlyMap<string, string>, personal: PersonalValues) {
    const texts = [...personal.texts].map(([text, { made }]): [string, string] => [text, made])
    this.#secrets = new Replacer([...secrets])
    this.#parts = new Replacer(texts.filter(([text]) => text.length >= LEAST_PART).flatMap(([text, made]) => inAddresses(text, made)))
    this.#words = new Replacer(texts.filter(([text]) => text.length >= LEAST_IN_TEXT))
    this.#personal = personal
  }

  /** An address, a header. */
  text(text: string): string {
    return this.#parts.apply(this.#secrets.apply(text))
  }

  /** What was posted or answered: JSON, lines of JSON, or other text. */
  body(text: string): unknown {
    const json = jsonOf(text)
    if (json !== undefined) return this.#json(json)
    const lines = jsonLines(text)
    if (lines !== null) return lines.map((line) => (line === undefined ? '' : stringifyJson(this.#json(line)))).join('\n')
    return this.#words.apply(this.#secrets.apply(text))
  }

  #json(json: unknown): unknown {
    return mapLeaves(
      json,
      (leaf) => this.#leaf(leaf),
      (name) => this.#personal.texts.get(name)?.made ?? this.text(name),
    )
  }

  #leaf({ name, value }: Leaf): unknown {
    if (typeof value !== 'string') return this.#personal.others.get(`${name} ${value}`) ?? value
    const known = this.#personal.texts.get(value)
    const isSame = known !== undefined && (value.length >= LEAST_SECRET || known.names.has(name))
    return isSame ? known.made : this.text(value)
  }
}

const inAddresses = (text: string, made: string): [string, string][] => [
  [text, made],
  [encodeURIComponent(text), encodeURIComponent(made)],
]

/** Replaces many texts in one go, longer ones first. */
class Replacer {
  readonly #made: ReadonlyMap<string, string>
  readonly #pattern: RegExp | null

  constructor(pairs: readonly (readonly [string, string])[]) {
    this.#made = new Map(pairs)
    const texts = [...this.#made.keys()].sort((a, b) => b.length - a.length).map((text) => escaped(text))
    this.#pattern = texts.length === 0 ? null : new RegExp(texts.join('|'), 'g')
  }

  apply(text: string): string {
    return this.#pattern === null ? text : text.replace(this.#pattern, (found) => this.#made.get(found)!)
  }
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
