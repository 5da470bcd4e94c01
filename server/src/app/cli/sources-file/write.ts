import { Document } from 'yaml'
import { intervalText, SecretReference, type DescribedSource } from './described-source.ts'

/** What may be read as a reference when it comes back; a `$` before it takes that away. */
const LIKE_REFERENCE = /^\$+\{[A-Z][A-Z\d_]*\}$/

/** The file of these sources: what a person reads and keeps in git. The same sources give the same bytes. */
export function writeSources(sources: readonly DescribedSource[]): string {
  const secrets = sources.flatMap(({ settings }) =>
    Object.values(settings).flatMap((value) => (value instanceof SecretReference ? [value.name] : [])),
  )
  const given =
    secrets.length === 0
      ? 'There are none to be given.'
      : `These must be given, as variables or in a file with --secrets:\n${secrets.map((name) => `   ${name}`).join('\n')}`
  const content = { version: 1, sources: Object.fromEntries(sources.map((source) => [source.slug, described(source)])) }
  const document = new Document(content, { version: '1.2', schema: 'core' })
  document.commentBefore = ` Sources of Handover. Take them over with: npx handover apply <this file>\n Secrets are not in it. ${given}`
  return document.toString({ lineWidth: 0, blockQuote: 'literal' })
}

function described({ title, connector, schedule, paused, settings }: DescribedSource): Record<string, unknown> {
  const when = schedule === null ? {} : { schedule: 'every' in schedule ? { every: intervalText(schedule.every) } : { ...schedule } }
  const values = Object.entries(settings).map(([name, value]) => [name, written(value)])
  return { title, connector, ...when, ...(paused && { paused }), settings: Object.fromEntries(values) }
}

function written(value: unknown): unknown {
  if (value instanceof SecretReference) return `\${${value.name}}`
  if (typeof value === 'string') return LIKE_REFERENCE.test(value) ? `$${value}` : value
  if (Array.isArray(value)) return value.map(written)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, written(inner)]))
}
