import { parseRecord, stringifyJson } from '../json.ts'
import type { Fixture } from './replay.ts'

/** An answer with a fault, and which one. */
export interface Spoilt {
  /** What is wrong, as the end of "when …". */
  readonly fault: string
  readonly fixture: Fixture
  /** True when a source may answer like this in good faith, so that fewer records are no loss. */
  readonly isFair?: boolean
}

type Path = readonly (string | number)[]

const MOST_FIELDS = 20
const DEEPEST_RECORD = 5
const DEEPEST_FIELD = 2

/** The answer cut off, empty, or something else altogether. */
export function spoiltWhole(fixture: Fixture): Spoilt[] {
  const text = textOf(fixture)
  const other = (fault: string, body: string, type = 'application/json'): Spoilt => ({
    fault,
    fixture: withBody(fixture, body, { 'content-type': type }),
  })
  return [
    other('an answer is cut off', text.slice(0, Math.floor(text.length * 0.6))),
    // Where records come line by line, nothing is an answer too.
    { ...other('an answer is empty', ''), isFair: jsonOf(text) === undefined },
    other('an answer is a web page', '<!doctype html><html><body>Back soon</body></html>', 'text/html'),
    other('an answer is JSON of another shape', '{"message":"Monthly quota used up"}'),
    other('an answer is null', 'null'),
  ]
}

/** The answer with one field of a record missing, empty or of another type. `records` are the records known to be in it, as JSON. */
export function spoiltRecords(fixture: Fixture, records: ReadonlySet<string>): Spoilt[] {
  const [line, ...lines] = textOf(fixture).split('\n')
  const whole = jsonOf(textOf(fixture))
  const first = whole === undefined ? jsonOf(line!) : undefined
  const body = whole ?? first
  const path = body === undefined ? null : first === undefined ? recordIn(body, records) : []
  if (path === null) return []
  const made = (changed: unknown): Fixture =>
    withBody(fixture, first === undefined ? stringifyJson(changed) : [stringifyJson(changed), ...lines].join('\n'))
  return fieldsOf(at(body, path)).flatMap((field) => {
    const place = [...path, ...field]
    const name = field.join('.')
    return [
      { fault: `the field ${name} of a record is missing`, fixture: made(changed(body, place, undefined)) },
      { fault: `the field ${name} of a record is null`, fixture: made(changed(body, place, null)) },
      { fault: `the field ${name} of a record is of another type`, fixture: made(changed(body, place, otherType(at(body, place)))) },
    ]
  })
}

const textOf = ({ response }: Fixture): string => (typeof response.body === 'string' ? response.body : stringifyJson(response.body))

const withBody = (fixture: Fixture, body: string, headers: Readonly<Record<string, string>> = {}): Fixture => ({
  ...fixture,
  response: { ...fixture.response, headers: { ...fixture.response.headers, ...headers }, body },
})

function jsonOf(text: string): unknown {
  try {
    return parseRecord(text) as unknown
  } catch {
    return undefined
  }
}

/** Way to the first record in a body; null when none of its parts is one. */
function recordIn(body: unknown, records: ReadonlySet<string>, path: Path = []): Path | null {
  if (typeof body !== 'object' || body === null || path.length > DEEPEST_RECORD) return null
  if (!Array.isArray(body) && records.has(stringifyJson(body))) return path
  for (const [name, part] of Array.isArray(body) ? body.entries() : Object.entries(body)) {
    const found = recordIn(part, records, [...path, name])
    if (found !== null) return found
  }
  return null
}

/** Ways to the fields of a record, those of its parts included. */
function fieldsOf(record: unknown): Path[] {
  const walk = (value: unknown, path: Path): Path[] =>
    typeof value !== 'object' || value === null || Array.isArray(value) || path.length >= DEEPEST_FIELD
      ? []
      : Object.entries(value).flatMap(([name, part]) => [[...path, name], ...walk(part, [...path, name])])
  return walk(record, []).slice(0, MOST_FIELDS)
}

const at = (value: unknown, path: Path): unknown => path.reduce<any>((part, step) => part[step], value)

/** A copy with another value there; undefined takes the name away. */
function changed(value: unknown, [step, ...rest]: Path, made: unknown): unknown {
  if (step === undefined) return made
  if (Array.isArray(value)) return value.map((part, index) => (index === step ? changed(part, rest, made) : part))
  const { [step]: old, ...others } = value as Record<string, unknown>
  const part = changed(old, rest, made)
  return part === undefined ? others : { ...(value as object), [step]: part }
}

const otherType = (value: unknown): unknown => (typeof value === 'string' ? { unexpected: 7 } : 'unexpected')
