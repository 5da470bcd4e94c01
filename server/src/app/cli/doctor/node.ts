import { fault, ok, type Check } from '../../../shared/check.ts'

/** What the launcher looks for, too. */
const OLDEST = [24, 11] as const

/** Whether this Node is new enough. */
export function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1])) return ok('Node', `Node ${version} runs Handover.`)
  return fault('Node', `Node ${version} is too old; Handover needs ${OLDEST.join('.')} or newer.`, 'Run "npm ci", which brings one along.')
}
