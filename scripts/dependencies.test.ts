import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { dependencyProblem } from './dependencies.mjs'

const folders: string[] = []
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })))

/** A checkout whose lock file is `newer` or older than what is installed. */
function checkout(wanted: object, installed: object | null, newer = true): string {
  const folder = mkdtempSync(join(tmpdir(), 'handover-locks-'))
  folders.push(folder)
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages: { '': {}, ...wanted } }))
  if (installed) {
    mkdirSync(join(folder, 'node_modules'))
    const file = join(folder, 'node_modules/.package-lock.json')
    writeFileSync(file, JSON.stringify({ packages: installed }))
    const seconds = Date.now() / 1000 + (newer ? -60 : 60)
    utimesSync(file, seconds, seconds)
  }
  return folder
}

const a1 = { 'node_modules/a': { version: '1.0.0', integrity: 'x' } }
const a2 = { 'node_modules/a': { version: '2.0.0', integrity: 'y' } }
const otherPlatform = { 'node_modules/b': { version: '1.0.0', optional: true } }

it('asks for npm ci when nothing is installed', () => {
  expect(dependencyProblem(checkout(a1, null))).toMatch(/not installed.*npm ci/)
})

it('asks for npm ci when a pull brought another version or a new package', () => {
  expect(dependencyProblem(checkout(a2, a1))).toMatch(/changed.*npm ci/)
  expect(dependencyProblem(checkout({ ...a1, 'node_modules/c': { version: '1.0.0' } }, a1))).toMatch(/changed.*npm ci/)
})

it('is content when only the time of the lock file changed, or a package for another platform is not there', () => {
  expect(dependencyProblem(checkout({ ...a1, ...otherPlatform }, a1))).toBeNull()
})

it('does not compare what was installed after the lock file was written', () => {
  expect(dependencyProblem(checkout(a2, a1, false))).toBeNull()
})
