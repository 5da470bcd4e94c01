import { moment, bytes, count, lengthOfTime, LOAD_STATES, number, stateCell, type Whole } from './words.ts'
import { plain, type Terminal } from './terminal.ts'

/** What became of the records and rows of one dataset in one load, as the API tells it. */
export interface Balance {
  readonly dataset: string
  readonly read: Whole
  readonly transformed: Whole
  readonly filtered: Whole
  readonly quarantinedRecords: Whole
  readonly made: Whole
  readonly inserted: Whole
  readonly updated: Whole
  readonly unchanged: Whole
  readonly superseded: Whole
  readonly quarantinedRows: Whole
  readonly removed: Whole
  readonly rowsAfter: Whole | null
  readonly balances: boolean
}

/** One load, as the API tells it. Moments are ISO 8601 in UTC. */
export interface Load {
  readonly id: string
  readonly sourceSlug: string
  readonly state: string
  readonly trigger: string
  readonly plannedAt: string | null
  readonly queuedAt: string
  readonly startedAt: string | null
  readonly finishedAt: string | null
  readonly attempt: number
  readonly retryAt: string | null
  readonly pages: number
  readonly records: Whole
  readonly bytes: Whole
  readonly error: { readonly code: string; readonly message: string; readonly detail: string | null } | null
}

/** The fields of a `Load`, to be asked for. */
export const LOAD_FIELDS = `id sourceSlug state trigger plannedAt queuedAt startedAt finishedAt attempt retryAt pages records bytes
  error { code message detail }`

/** The fields of a `Balance`, to be asked for. */
export const BALANCE_FIELDS = `balance { dataset read transformed filtered quarantinedRecords made inserted updated unchanged superseded
  quarantinedRows removed rowsAfter balances }`

/** True when nothing more happens to the load by itself. */
export const hasEnded = ({ state }: Load): boolean => state !== 'QUEUED' && state !== 'RUNNING'

/** What was fetched so far: "2 pages, 1,200 records, 300 kB". */
export const fetched = (load: Load): string => `${count(load.pages, 'page')}, ${count(load.records, 'record')}, ${bytes(load.bytes)}`

/** How a load stands, in one sentence and the one that its error says: what happened and what to do. */
export function loadSentences(terminal: Terminal, load: Load): string[] {
  const { text, tone } = stateCell(LOAD_STATES, load.state)
  const took = load.finishedAt && load.startedAt ? ` after ${lengthOfTime(Date.parse(load.finishedAt) - Date.parse(load.startedAt))}` : ''
  const sentences = [
    `The load ${load.id} of ${plain(load.sourceSlug)} ${hasEnded(load) ? '' : 'is '}${terminal.tone(tone, text)}${took}: ${fetched(load)}.`,
  ]
  if (load.error) sentences.push(terminal.wrapped(plain(load.error.message), 0))
  if (load.retryAt) sentences.push(`It is tried again by itself at ${moment(load.retryAt)}.`)
  return sentences
}

/** Prints the balance of each dataset that had something to count, as the two sums that must be right. */
export function printBalance(terminal: Terminal, { state, balance }: Pick<Load, 'state'> & { readonly balance: readonly Balance[] }): void {
  for (const { dataset, balances: isRight, ...of } of balance) {
    if (state !== 'SUCCEEDED' && isRight && [of.read, of.made, of.removed].every((value) => Number(value) === 0)) continue
    terminal.line()
    terminal.line(
      `  ${terminal.tone('strong', plain(dataset))}${isRight ? '' : terminal.tone('bad', '  does not balance: please report it')}`,
    )
    const records = sum([of.transformed, 'transformed'], [of.filtered, 'filtered'], [of.quarantinedRecords, 'set aside'])
    const rows = sum(
      ...([
        [of.inserted, 'inserted'],
        [of.updated, 'updated'],
        [of.unchanged, 'unchanged'],
      ] as const),
      ...([
        [of.superseded, 'superseded'],
        [of.quarantinedRows, 'set aside'],
      ] as const),
    )
    terminal.line(`    records  ${terminal.wrapped(`${number(of.read)} read = ${records}`, 13)}`)
    terminal.line(`    rows     ${terminal.wrapped(`${number(of.made)} made = ${rows}`, 13)}`)
    const after = of.rowsAfter === null ? '' : `${count(of.rowsAfter, 'row')} afterwards, `
    terminal.line(`    table    ${after}${number(of.removed)} removed`)
  }
}

const sum = (...parts: readonly (readonly [value: Whole, name: string])[]): string =>
  parts.map(([value, name]) => `${number(value)} ${name}`).join(' + ')
