import { readRawLimit } from '../../shared/raw-limit.ts'
import { CliError, type Call } from './call.ts'
import { bytes, count } from './words.ts'

interface Pruned {
  readonly parts: number
  readonly bytes: number | string
  readonly rows: number | string
}

const QUESTION = 'mutation ($days: Int!, $dryRun: Boolean!) { pruneLake(olderThanDays: $days, dryRun: $dryRun) { parts bytes rows } }'
const WORD = 'remove'
const DAY_MS = 86_400_000

/** `handover prune`: removes old raw pages although replays would need them, after it was said what is lost and a word was typed. */
export async function prune(call: Call): Promise<number> {
  const days = daysOf(call)
  const ask = async (dryRun: boolean) => (await call.api().ask<{ pruneLake: Pruned }>(QUESTION, { days, dryRun })).pruneLake
  const found = await ask(true)
  const isDry = call.flags.has('dry-run')
  if (isDry || found.parts === 0) return tell(call, found, isDry || found.parts === 0)
  if (!call.flags.has('yes') && !(await isConfirmed(call, found))) throw new CliError('Nothing was removed.', 1)
  return tell(call, await ask(false), false)
}

function daysOf({ values }: Call): number {
  const limit = readRawLimit(values.get('older-than') ?? '')
  if (limit === null || !('age' in limit)) throw new CliError('Say how old: npx handover prune --older-than 365d')
  return limit.age / DAY_MS
}

async function isConfirmed({ ask, terminal }: Call, found: Pruned): Promise<boolean> {
  if (ask === null) throw new CliError('Nobody is here to be asked. Look with --dry-run, then say --yes.')
  terminal.line(words(found))
  return (await ask(`Type "${WORD}" to remove them: `)) === WORD
}

function tell({ terminal, flags }: Call, found: Pruned, isDry: boolean): number {
  if (flags.has('json')) terminal.json({ ...found, dryRun: isDry })
  else if (found.parts === 0) terminal.line('There is nothing to remove.')
  else terminal.line(isDry ? words(found) : `Removed: ${amount(found)}.`)
  return 0
}

const amount = ({ parts, bytes: size }: Pruned): string => `${count(parts, 'raw page')} (${bytes(Number(size))})`

const words = (found: Pruned): string =>
  `${amount(found)} would be removed. ${count(Number(found.rows), 'row')} made of them would stay without a raw record, and replays of their tables would not be complete any more.`
