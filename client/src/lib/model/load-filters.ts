import { dayOf, midnight } from './format.ts'
import type { Load, LoadState } from './types.ts'
import { capital } from './words.ts'

/** Loads that a page of the list shows. */
export const LOADS_SHOWN = 50

/** What a list of loads can be narrowed by; each is a parameter of the address and one chip. */
export type LoadFilter = 'source' | 'state' | 'by' | 'since'

/** One choice of a filter: what stands in the address, and how a chip goes on after "Loads …". */
export interface Choice {
  readonly value: string
  readonly said: string
}

const STATES: readonly (Choice & { readonly states: readonly LoadState[] })[] = [
  { value: 'active', said: 'that run now', states: ['QUEUED', 'RUNNING'] },
  { value: 'held', said: 'that are held', states: ['HELD'] },
  { value: 'failed', said: 'that failed', states: ['FAILED'] },
  { value: 'cancelled', said: 'that were stopped', states: ['CANCELLED'] },
  { value: 'succeeded', said: 'that succeeded', states: ['SUCCEEDED'] },
]

const TRIGGERS: readonly (Choice & { readonly trigger: Load['trigger'] })[] = [
  { value: 'clock', said: 'by the clock', trigger: 'SCHEDULE' },
  { value: 'person', said: 'by a person', trigger: 'PERSON' },
  { value: 'first', said: 'as the first load', trigger: 'FIRST' },
  { value: 'retry', said: 'again, after a failure', trigger: 'RETRY' },
]

const PERIODS: readonly (Choice & { readonly days: number })[] = [
  { value: 'today', said: 'of today', days: 0 },
  { value: 'week', said: 'of the last 7 days', days: 6 },
  { value: 'month', said: 'of the last 30 days', days: 29 },
]

/** A source that can be chosen. */
export interface Named {
  readonly slug: string
  readonly title: string
}

/** The question, the address's own word for nothing, and the choices of every filter. */
export function choicesOf(sources: readonly Named[]): { name: LoadFilter; label: string; any: string; choices: readonly Choice[] }[] {
  return [
    {
      name: 'source',
      label: 'Source',
      any: 'Any source',
      choices: sources.map(({ slug, title }) => ({ value: slug, said: `of ${title}` })),
    },
    { name: 'state', label: 'How it went', any: 'Any way', choices: STATES },
    { name: 'by', label: 'Started', any: 'In any way', choices: TRIGGERS.map(({ value, said }) => ({ value, said: `started ${said}` })) },
    { name: 'since', label: 'When', any: 'At any time', choices: PERIODS },
  ]
}

/** A choice as a form lists it: without the word that joins it to a sentence. */
export const bare = ({ said }: Choice): string => capital(said.replace(/^(of|that|started) /, ''))

/** What an address narrows the list by; words that mean nothing are left out. A source that is gone keeps its short name. */
export function readLoadFilters(params: URLSearchParams, sources: readonly Named[]): { name: LoadFilter; value: string; said: string }[] {
  return choicesOf(sources).flatMap(({ name, choices }) => {
    const value = params.get(name)
    if (!value) return []
    const said = choices.find((choice) => choice.value === value)?.said ?? (name === 'source' ? `of ${value}` : null)
    return said === null ? [] : [{ name, value, said }]
  })
}

/** The same as the API asks for it. Days are those of the reader's zone. */
export function loadVariables(params: URLSearchParams, now: Date, timeZone: string): Record<string, unknown> {
  const of = <Kind extends Choice>(all: readonly Kind[], name: LoadFilter) => all.find(({ value }) => value === params.get(name))
  const period = of(PERIODS, 'since')
  return {
    source: params.get('source') || null,
    state: of(STATES, 'state')?.states ?? null,
    trigger: of(TRIGGERS, 'by')?.trigger ?? null,
    since: period ? daysBefore(now, timeZone, period.days).toISOString() : null,
    after: params.get('older') || null,
    before: params.get('older') ? null : params.get('newer') || null,
    first: LOADS_SHOWN,
  }
}

/** The beginning of the reader's day, so many days before. */
function daysBefore(now: Date, timeZone: string, days: number): Date {
  const today = dayOf(now, timeZone)
  const day = new Date(Date.parse(`${today}T00:00:00Z`) - days * 86_400_000).toISOString().slice(0, 10)
  return midnight(day, timeZone)
}
