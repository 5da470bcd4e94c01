import type { SourceState } from './types.ts'
import { capital, count, listed } from './words.ts'

/** A kind of trouble and how a sentence says it, for one and for more. */
interface Trouble {
  states: readonly SourceState[]
  one: string
  many: string
}

const TROUBLES: readonly Trouble[] = [
  { states: ['FAILED'], one: 'failed', many: 'failed' },
  { states: ['LATE'], one: 'is late', many: 'are late' },
  { states: ['HELD'], one: 'waits for you', many: 'wait for you' },
  { states: ['SET_ASIDE'], one: 'set rows aside', many: 'set rows aside' },
  { states: ['PAUSED'], one: 'is paused', many: 'are paused' },
  { states: ['NEVER_LOADED'], one: 'has not been loaded yet', many: 'have not been loaded yet' },
]

/** Whether all is well, as the one sentence that heads the overview. A source that is just loading counts as on time. */
export function verdict(states: readonly SourceState[]): string {
  const total = states.length
  if (total === 0) return 'There is no source yet.'
  const found = TROUBLES.map((trouble) => ({ ...trouble, n: states.filter((state) => trouble.states.includes(state)).length })).filter(
    (trouble) => trouble.n > 0,
  )
  if (found.length === 0) return `${capital(sources(total))} ${total === 1 ? 'is' : 'are'} on time.`
  const [first] = found
  if (found.length === 1 && first) {
    const verb = first.n === 1 ? first.one : first.many
    if (first.n === total)
      return `${capital(total === 2 ? 'both sources' : total === 1 ? 'the one source' : `all ${count(total)} sources`)} ${verb}.`
    return `${capital(count(first.n))} of ${sources(total)} ${verb}.`
  }
  const well = total - found.reduce((sum, trouble) => sum + trouble.n, 0)
  const troubles = found.map((trouble) => `${count(trouble.n)} ${trouble.n === 1 ? trouble.one : trouble.many}`)
  const comma = troubles.length === 2 ? troubles.join(', and ') : listed(troubles)
  if (well === 0) return `${capital(comma.replace(' ', ` of ${sources(total)} `))}.`
  return `${capital(count(well))} of ${sources(total)} ${well === 1 ? 'is' : 'are'} on time. ${capital(comma)}.`
}

function sources(total: number): string {
  return `${count(total)} ${total === 1 ? 'source' : 'sources'}`
}
