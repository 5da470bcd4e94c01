import type { Check } from '../../shared/check.ts'
import type { Call } from './call.ts'
import { examine } from './doctor/examine.ts'
import { plain, type Tone } from './terminal.ts'
import { count } from './words.ts'

const TONES: Readonly<Record<Check['state'], Tone>> = { ok: 'good', warning: 'careful', fault: 'bad' }
const STATE_WIDTH = 9
const NAME_WIDTH = 13

/** `handover doctor`: prints each check as it is done, and how many need somebody. 1 when there is a fault. */
export async function doctor(call: Call): Promise<number> {
  const checks: Check[] = []
  for await (const check of examine(call.env, call.cwd)) {
    checks.push(check)
    if (!call.flags.has('json')) print(call, check)
  }
  const faults = checks.filter(({ state }) => state === 'fault').length
  const warnings = checks.filter(({ state }) => state === 'warning').length
  if (call.flags.has('json')) call.terminal.json(checks)
  else call.terminal.line(`\n${summary(faults, warnings)}`)
  return faults > 0 ? 1 : 0
}

function print({ terminal }: Call, { name, state, message, todo }: Check): void {
  const words = plain(todo === null ? message : `${message} ${todo}`)
  const indent = STATE_WIDTH + NAME_WIDTH
  terminal.line(`${terminal.tone(TONES[state], state.padEnd(STATE_WIDTH))}${name.padEnd(NAME_WIDTH)}${terminal.wrapped(words, indent)}`)
}

function summary(faults: number, warnings: number): string {
  if (faults + warnings === 0) return 'All is well.'
  const found = [faults > 0 ? count(faults, 'fault') : '', warnings > 0 ? count(warnings, 'warning') : ''].filter((part) => part !== '')
  return `${found.join(', ')}.${faults === 0 ? ' Handover works.' : ''}`
}
