// Says whether node_modules holds what package-lock.json asks for, in milliseconds.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

/**
 * One sentence for the person when dependencies are missing or out of date, else null.
 * Times are looked at first; the two lock files are compared only when the one of the repository is newer than what npm installed.
 */
export function dependencyProblem(root) {
  const wanted = join(root, 'package-lock.json')
  const installed = join(root, 'node_modules/.package-lock.json')
  if (!existsSync(installed)) return 'The dependencies are not installed. Run "npm ci" first.'
  if (statSync(wanted).mtimeMs <= statSync(installed).mtimeMs) return null
  const have = packages(installed)
  const missing = Object.entries(packages(wanted)).some(([path, entry]) => path !== '' && differs(entry, have[path]))
  return missing ? 'The dependencies have changed since they were installed. Run "npm ci" first.' : null
}

const packages = (file) => JSON.parse(readFileSync(file, 'utf8')).packages

/** Packages for other platforms are listed in the lock file but not installed. */
function differs(wanted, installed) {
  if (!installed) return !wanted.optional
  return wanted.version !== installed.version || wanted.integrity !== installed.integrity
}
