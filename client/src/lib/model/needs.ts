import type { Format } from './format.ts'
import type { Source, SourceState } from './types.ts'
import { counted } from './words.ts'

/** One thing that needs a person, or that a person wants to know: what is so, and what to do. */
export interface Need {
  key: string
  source: string
  state: SourceState
  title: string
  text: string
  /** Word on the button that begins a load. */
  load?: string
  running?: boolean
  /** The load that it is about, where a person answers it. */
  about?: { word: string; load: string }
  /** Word of the link to what is set aside of the source. */
  aside?: string
}

/** What a source needs; empty when all is well. */
export function needsOf(source: Source, format: Format, now: Date): Need[] {
  const found = [troubleOf(source, format, now), asideOf(source, format)]
  return found.filter((need) => need !== null)
}

function troubleOf(source: Source, format: Format, now: Date): Need | null {
  const base = { key: `${source.slug}/state`, source: source.slug, state: source.state, running: source.state === 'LOADING' }
  const last = source.lastLoad?.id
  switch (source.state) {
    case 'FAILED':
      return {
        ...base,
        title: `The last load of ${source.title} failed`,
        text: failedText(source, format, now),
        load: 'Try again now',
        ...(last && { about: { word: 'Look at this load', load: last } }),
      }
    case 'LATE':
      return { ...base, title: `${source.title} is late`, text: source.stateText, load: 'Load now' }
    case 'HELD':
      return {
        ...base,
        title: `A load of ${source.title} waits for you`,
        text: source.lastLoad?.error?.message ?? source.stateText,
        ...(last && { about: { word: 'Compare and decide', load: last } }),
      }
    case 'NEVER_LOADED':
      return { ...base, title: `${source.title} has not been loaded yet`, text: firstText(source, format, now), load: 'Load now' }
    default:
      return null
  }
}

function failedText(source: Source, format: Format, now: Date): string {
  const said = source.lastLoad?.error?.message ?? source.stateText
  const retry = source.lastLoad?.retryAt
  const kept = source.lastSuccess?.finishedAt ? ` What was loaded ${format.when(source.lastSuccess.finishedAt, now)} is still shown.` : ''
  return `${said}${kept}${retry ? ` Handover tries again by itself ${format.when(retry, now)}.` : ''}`
}

function firstText(source: Source, format: Format, now: Date): string {
  if (!source.nextLoadAt) return 'It has no schedule, so it is loaded when a person asks.'
  return `Its first load begins ${format.when(source.nextLoadAt, now)}, and its page fills by itself.`
}

function asideOf(source: Source, format: Format): Need | null {
  if (source.quarantined === 0) return null
  const rows = counted(source.quarantined, 'row', 'rows', format.number(source.quarantined))
  const is = source.quarantined === 1 ? 'is' : 'are'
  return {
    key: `${source.slug}/aside`,
    source: source.slug,
    state: 'SET_ASIDE',
    title: `${rows} of ${source.title} ${is} set aside`,
    text: `${source.quarantined === 1 ? 'It did' : 'They did'} not fit the rules, so ${source.quarantined === 1 ? 'it is' : 'they are'} kept apart, word for word. All other rows were loaded.`,
    aside: `Look at the ${rows}`,
  }
}
