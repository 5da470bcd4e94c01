/** A list of records in an answer, and where it stands: names joined by dots; null for the answer itself. */
export interface FoundList {
  readonly records: readonly Readonly<Record<string, unknown>>[]
  readonly at: string | null
}

const DEEPEST = 4

/** The list of records that is nearest to the top of an answer; null when there is none. */
export function findList(body: unknown): FoundList | null {
  let level: { value: unknown; path: string[] }[] = [{ value: body, path: [] }]
  for (let depth = 0; depth < DEEPEST; depth++) {
    const found = level.find(({ value }) => Array.isArray(value) && value.length > 0 && value.every(isObject))
    if (found) return { records: found.value as FoundList['records'], at: found.path.join('.') || null }
    level = level.flatMap(({ value, path }) =>
      isObject(value) ? Object.entries(value).map(([name, part]) => ({ value: part, path: [...path, name] })) : [],
    )
  }
  return null
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The same answer with a shorter list in it. */
export function withRecords(body: unknown, at: string | null, records: readonly unknown[]): unknown {
  if (at === null) return records
  const [name, ...rest] = at.split('.')
  const whole = body as Record<string, unknown>
  return { ...whole, [name!]: withRecords(whole[name!], rest.join('.') || null, records) }
}
