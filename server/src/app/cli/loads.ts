import { CliError, type Call } from './call.ts'
import { BALANCE_FIELDS, hasEnded, LOAD_FIELDS, loadSentences, printBalance, type Balance, type Load } from './load-text.ts'
import { printFacts, printTable, type Column } from './table.ts'
import { plain, type Terminal } from './terminal.ts'
import { fromNow, lengthOfTime, LOAD_STATES, moment, number, stateCell, triggerText } from './words.ts'

interface LogLine {
  readonly at: string
  readonly level: string
  readonly message: string
  readonly fields: unknown
}

type OneLoad = Load & { readonly balance: readonly Balance[]; readonly log: readonly LogLine[] }
interface Page {
  readonly totalCount: number
  readonly nodes: readonly Load[]
}

const MOST = 1000
const FIRST = 20

/** `handover loads [id]`: lists loads, or shows one. */
export async function loads(call: Call): Promise<number> {
  return call.argument === null ? list(call) : show(call, call.argument)
}

async function list(call: Call): Promise<number> {
  const { terminal, flags } = call
  const asked = { source: call.values.get('source') ?? null, state: statesOf(call), first: firstOf(call) }
  const page = await ask(call, asked)
  if (flags.has('json')) terminal.json(page)
  else printList(call, page)
  return 0
}

/** Only asks by state when that is wanted, so that servers which do not know how still answer everything else. */
async function ask(
  call: Call,
  { state, ...asked }: { state: readonly string[] | null; source: string | null; first: number },
): Promise<Page> {
  const [type, argument] = state === null ? ['', ''] : [', $state: [LoadState!]', ', state: $state']
  const query = `query ($source: String, $first: Int!${type}) {
    loads(source: $source, first: $first${argument}) { totalCount nodes { ${LOAD_FIELDS} } }
  }`
  return (await call.api().ask<{ loads: Page }>(query, { ...asked, ...(state && { state }) })).loads
}

function firstOf({ values }: Call): number {
  const typed = values.get('first') ?? String(FIRST)
  if (/^\d{1,4}$/.test(typed) && Number(typed) >= 1 && Number(typed) <= MOST) return Number(typed)
  throw new CliError(`--first is "${plain(typed)}"; it must be a whole number from 1 to ${MOST}.`)
}

function statesOf({ values }: Call): string[] | null {
  const typed = values.get('state')
  if (typed === undefined) return null
  const states = typed.split(',').map((state) => state.trim().toUpperCase())
  const wrong = states.find((state) => !(state in LOAD_STATES))
  if (wrong === undefined) return states
  throw new CliError(
    `There is no state "${plain(wrong.toLowerCase())}". The states are ${Object.keys(LOAD_STATES).join(', ').toLowerCase()}.`,
  )
}

const COLUMNS: readonly Column[] = [
  { title: 'LOAD' },
  { title: 'SOURCE' },
  { title: 'STATE' },
  { title: 'ASKED FOR' },
  { title: 'TOOK', spare: true },
  { title: 'RECORDS', right: true, spare: true },
  { title: 'WHY', spare: true },
  { title: 'WHAT HAPPENED', long: true },
]

function printList({ terminal, clock }: Call, { nodes, totalCount }: Page): void {
  if (nodes.length === 0) return terminal.line('There are no such loads.')
  const rows = nodes.map((load) => [
    ...[load.id, load.sourceSlug, stateCell(LOAD_STATES, load.state), fromNow(load.queuedAt, clock.now()), tookOf(load) ?? '–'],
    ...[number(load.records), triggerText(load.trigger), load.error?.message ?? ''],
  ])
  printTable(terminal, COLUMNS, rows)
  if (nodes.length < totalCount) terminal.line(`\n${number(nodes.length)} of ${number(totalCount)} loads. More with --first.`)
}

function tookOf({ startedAt, finishedAt }: Load): string | null {
  return startedAt && finishedAt ? lengthOfTime(Date.parse(finishedAt) - Date.parse(startedAt)) : null
}

async function show(call: Call, id: string): Promise<number> {
  if (['source', 'state', 'first'].some((option) => call.values.has(option)))
    throw new CliError('--source, --state and --first are for the list. Leave them out, or leave the id out.')
  const query = `query ($id: ID!) { load(id: $id) { ${LOAD_FIELDS} ${BALANCE_FIELDS} log(first: ${MOST}) { at level message fields } } }`
  const { load } = await call.api().ask<{ load: OneLoad | null }>(query, { id })
  if (load === null) throw new CliError(`There is no load "${plain(id)}". List them with: npx handover loads`)
  if (call.flags.has('json')) call.terminal.json(load)
  else printLoad(call.terminal, load)
  return 0
}

function printLoad(terminal: Terminal, load: OneLoad): void {
  for (const sentence of loadSentences(terminal, load)) terminal.line(sentence)
  terminal.line()
  printFacts(terminal, [
    ['Why', `${triggerText(load.trigger)}${load.attempt > 1 ? `, attempt ${load.attempt}` : ''}`],
    ['Planned', load.plannedAt && moment(load.plannedAt)],
    ['Asked for', moment(load.queuedAt)],
    ['Started', load.startedAt && moment(load.startedAt)],
    ['Ended', load.finishedAt && moment(load.finishedAt)],
    ['Code', load.error?.code ?? null],
    ['Detail', load.error?.detail ?? null],
  ])
  printBalance(terminal, load)
  if (load.log.length === 0) return
  terminal.line(`\n  ${terminal.tone('strong', 'Log')}`)
  for (const line of load.log) terminal.line(`    ${logText(terminal, line)}`)
  if (load.log.length === MOST) terminal.line(`    These are the first ${number(MOST)} lines.`)
  if (!hasEnded(load)) terminal.line(`\nIt has not ended yet. Follow it with: npx handover load ${plain(load.sourceSlug)}`)
}

function logText(terminal: Terminal, { at, level, message, fields }: LogLine): string {
  const tone = level === 'error' ? 'bad' : level === 'warn' ? 'careful' : 'quiet'
  const rest = fields === null ? '' : ` ${JSON.stringify(fields)}`
  return `${terminal.tone('quiet', at.slice(11, 19))} ${terminal.tone(tone, plain(level).padEnd(5))} ${terminal.wrapped(plain(message + rest), 19)}`
}
