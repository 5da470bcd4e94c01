import type { Call } from './call.ts'
import { plain, type Terminal } from './terminal.ts'

interface Problem {
  readonly name: string
  readonly problem: string
}

interface Reloaded {
  readonly added: readonly string[]
  readonly changed: readonly string[]
  readonly removed: readonly string[]
  readonly broken: readonly Problem[]
  readonly unfit: readonly Problem[]
}

const QUESTION = 'mutation { reloadConnectors { added changed removed broken { name problem } unfit { name problem } } }'

/** `handover reload`: reloads the connectors and says what is different. 1 when one of them cannot be used or does not fit its tables. */
export async function reload(call: Call): Promise<number> {
  const { reloadConnectors: found } = await call.api().ask<{ reloadConnectors: Reloaded }>(QUESTION)
  if (call.flags.has('json')) call.terminal.json(found)
  else print(call.terminal, found)
  return found.broken.length + found.unfit.length > 0 ? 1 : 0
}

function print(terminal: Terminal, { added, changed, removed, broken, unfit }: Reloaded): void {
  const say = (what: string, names: readonly string[]) => names.length > 0 && terminal.line(`${what}: ${names.join(', ')}.`)
  say('Added', added)
  say('Changed', changed)
  say('Removed', removed)
  if (added.length + changed.length + removed.length === 0) terminal.line('No connector is different.')
  for (const { problem } of broken) terminal.line(terminal.tone('bad', lines(problem)))
  for (const { name, problem } of unfit) terminal.line(terminal.tone('bad', `The source ${name} stays as it was. ${lines(problem)}`))
}

/** A sentence may be followed by a list of faults, one a line. */
const lines = (text: string): string => text.split('\n').map(plain).join('\n')
