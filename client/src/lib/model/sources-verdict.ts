import type { SourceState } from './types.ts'
import { capital, count } from './words.ts'

/** States that a person should look at; the badge of the navigation counts the same. */
const TROUBLE: readonly SourceState[] = ['FAILED', 'LATE', 'HELD']
/** Those that need a person come first. */
const ORDER: readonly SourceState[] = ['HELD', 'FAILED', 'LATE', 'SET_ASIDE', 'LOADING', 'NEVER_LOADED', 'ON_TIME', 'PAUSED']

/** True when somebody should look at a source in this state. */
export const needsLook = (state: SourceState): boolean => TROUBLE.includes(state)

/** Sources in the order in which a person should look at them, else by title as the API gives them. */
export const byUrgency = <Source extends { state: SourceState }>(sources: readonly Source[]): Source[] =>
  sources.toSorted((one, other) => ORDER.indexOf(one.state) - ORDER.indexOf(other.state))

/** The answer that heads the page of sources: `Two sources. One needs a look`. */
export function sourcesVerdict(states: readonly SourceState[]): string {
  if (states.length === 0) return 'No source yet'
  const total = `${capital(count(states.length))} ${states.length === 1 ? 'source' : 'sources'}`
  return `${total}. ${secondSentence(states)}`
}

function secondSentence(states: readonly SourceState[]): string {
  const of = (...wanted: SourceState[]) => states.filter((state) => wanted.includes(state)).length
  const trouble = of(...TROUBLE)
  if (trouble > 0) return `${who(trouble, states.length)} ${trouble === 1 ? 'needs' : 'need'} a look`
  const aside = of('SET_ASIDE')
  if (aside > 0) return `${who(aside, states.length)} ${aside === 1 ? 'has' : 'have'} rows set aside`
  const paused = of('PAUSED')
  if (paused > 0) return `${who(paused, states.length)} ${paused === 1 ? 'is' : 'are'} paused`
  const fresh = of('NEVER_LOADED')
  if (fresh > 0) return `${who(fresh, states.length)} ${fresh === 1 ? 'has' : 'have'} not been loaded yet`
  return `${who(states.length, states.length)} ${states.length === 1 ? 'is' : 'are'} on time`
}

function who(some: number, all: number): string {
  if (all === 1) return 'It'
  if (some === all) return all === 2 ? 'Both' : 'All'
  return capital(count(some))
}
