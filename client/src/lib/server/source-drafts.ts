import type { Schedule } from '../model/schedule-form.ts'
import { configOf, type Fault, type Values } from '../model/settings-form.ts'
import type { Column, Row } from '../model/types.ts'
import { ask, tryAsk, type ApiFault } from './api.ts'
import { getForm } from './sources.ts'

/** Longer than the server lets a connector take, so that the server's own sentence arrives. */
const PATIENCE = 40_000

/** Settings as they stand in a form, of a connector; `slug` is that of an existing source, whose secrets fill the empty fields. */
export interface Draft {
  connector: string
  values: Values
  slug?: string
}

/** Why something was refused, and at which fields. */
export interface Refusal {
  ok: false
  message: string
  faults: Fault[]
}

/** How a test went. */
export type Tested = { ok: true; message: string } | Refusal

/** What a dataset would look like. */
export interface PreviewedDataset {
  dataset: string
  title: string
  about: string
  columns: Column[]
  rows: Row[]
  shown: number
  records: number
  filtered: number
  faults: { column: string | null; reason: string; raw: string; rawCut: boolean }[]
  faultCount: number
  complete: boolean
  note: string
}

/** What a schedule would mean. */
export type Forecast = { ok: true; text: string; next: string[] } | Refusal

const PREVIEW = `mutation Preview($input: TestSource!) { previewSource(input: $input) {
  dataset title about columns { name title about kind nullable key unit role personal values } rows shown records filtered
  faults { column reason raw rawCut } faultCount complete note
} }`

const refused = ({ message, fields }: ApiFault): Refusal => ({ ok: false, message, faults: fields })

const notJson = (faults: Fault[]): Refusal => ({ ok: false, message: 'A setting is not JSON.', faults })

/** Whether the source answers to these settings; nothing is kept. */
export async function testDraft(draft: Draft, signal: AbortSignal): Promise<Tested> {
  const { config, faults } = configOf(await getForm(draft.connector), draft.values)
  if (faults.length > 0) return notJson(faults)
  const { data, fault } = await tryAsk<{ testSource: { ok: boolean; message: string; fields: Fault[] } }>(
    'mutation Test($input: TestSource!) { testSource(input: $input) { ok message fields { name message } } }',
    { input: inputOf(draft, config) },
    { signal, patience: PATIENCE },
  )
  if (fault) return refused(fault)
  const { ok, message, fields } = data.testSource
  return ok ? { ok, message } : { ok, message, faults: fields }
}

/** The first rows that these settings bring; nothing is kept. */
export async function previewDraft(draft: Draft, signal: AbortSignal): Promise<{ ok: true; datasets: PreviewedDataset[] } | Refusal> {
  const { config, faults } = configOf(await getForm(draft.connector), draft.values)
  if (faults.length > 0) return notJson(faults)
  const { data, fault } = await tryAsk<{ previewSource: PreviewedDataset[] }>(
    PREVIEW,
    { input: inputOf(draft, config) },
    { signal, patience: PATIENCE },
  )
  return fault ? refused(fault) : { ok: true, datasets: data.previewSource }
}

const inputOf = ({ connector, slug }: Draft, config: Record<string, unknown>) => ({ connector, config, ...(slug && { slug }) })

/** Makes the source; its first load begins at once. */
export async function createSource(
  draft: Draft & { slug: string; title: string; schedule: Schedule },
): Promise<{ ok: true; slug: string } | Refusal> {
  const { config, faults } = configOf(await getForm(draft.connector), draft.values)
  if (faults.length > 0) return notJson(faults.map(({ name, message }) => ({ name: `config.${name}`, message })))
  const { slug, title, connector, schedule } = draft
  const { data, fault } = await tryAsk<{ createSource: { slug: string } }>(
    'mutation Create($input: CreateSource!) { createSource(input: $input) { slug } }',
    { input: { slug, title, connector, config, schedule } },
    { patience: PATIENCE },
  )
  return fault ? refused(fault) : { ok: true, slug: data.createSource.slug }
}

/** Changes a source; what is left out stays. */
export async function updateSource(
  slug: string,
  change: { title?: string; config?: Record<string, unknown>; schedule?: Schedule; paused?: boolean },
): Promise<{ ok: true } | Refusal> {
  const { fault } = await tryAsk(
    'mutation Update($slug: String!, $input: UpdateSource!) { updateSource(slug: $slug, input: $input) { slug } }',
    { slug, input: change },
    { patience: PATIENCE },
  )
  return fault ? refused(fault) : { ok: true }
}

/** Removes a source, and its tables too when its slug is typed again. */
export async function removeSource(slug: string, typed: string | null): Promise<{ ok: true } | Refusal> {
  const { fault } = await tryAsk(
    'mutation Remove($slug: String!, $typed: String) { deleteSource(slug: $slug, removeTables: $typed) }',
    { slug, typed },
    { patience: PATIENCE },
  )
  return fault ? refused(fault) : { ok: true }
}

/** A schedule in words and its next three times. */
export async function forecast(schedule: Schedule): Promise<Forecast> {
  const { data, fault } = await tryAsk<{ describeSchedule: { text: string; next: string[] } }>(
    'query Describe($schedule: ScheduleInput) { describeSchedule(schedule: $schedule) { text next } }',
    { schedule },
  )
  return fault ? refused(fault) : { ok: true, ...data.describeSchedule }
}

/** A free slug for a title, or what is wrong with a slug. */
export async function nameOf(title: string, slug: string | null): Promise<{ slug: string; problem: string | null }> {
  if (slug === null) {
    const { suggestSlug } = await ask<{ suggestSlug: string }>('query Suggest($title: String!) { suggestSlug(title: $title) }', { title })
    return { slug: suggestSlug, problem: null }
  }
  const { slugProblem } = await ask<{ slugProblem: string | null }>('query Problem($slug: String!) { slugProblem(slug: $slug) }', { slug })
  return { slug, problem: slugProblem }
}
