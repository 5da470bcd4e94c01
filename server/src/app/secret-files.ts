import { readFileSync, statSync } from 'node:fs'
import { SETTINGS } from './settings.ts'

/** More than any password or address is; a larger file was meant for something else. */
const LARGEST_BYTES = 16_384

/** Names of the settings that point at a file with a secret in it. */
export const secretFileNames = (): string[] => SETTINGS.filter(({ secret }) => secret).map(({ name }) => `${name}_FILE`)

/**
 * The environment with the secrets of `<name>_FILE` in it, as orchestrators hand them over. One line break at the end of a file is not part of
 * the secret. A file that cannot be used is a fault that names file and setting, never what it holds.
 */
export function readSecretFiles(given: Readonly<Record<string, string | undefined>>): {
  env: Readonly<Record<string, string | undefined>>
  faults: string[]
} {
  const env = { ...given }
  const faults: string[] = []
  for (const { name } of SETTINGS.filter(({ secret }) => secret)) {
    const file = given[`${name}_FILE`]?.trim()
    if (!file) continue
    const secret = readSecret(file)
    if (given[name]?.trim()) faults.push(`${name} and ${name}_FILE are both set. Take one of them away.`)
    else if ('fault' in secret) faults.push(`${name}_FILE names the file ${file}, ${secret.fault}`)
    else env[name] = secret.text
  }
  return { env, faults }
}

function readSecret(file: string): { text: string } | { fault: string } {
  try {
    if (statSync(file).size > LARGEST_BYTES) return { fault: 'which is too large to be a password or a key.' }
    const text = readFileSync(file, 'utf8').replace(/\r?\n$/, '')
    if (text.trim() === '') return { fault: 'which is empty.' }
    // oxlint-disable-next-line no-control-regex
    return /[\0-\x1f]/.test(text) ? { fault: 'which holds more than one line.' } : { text }
  } catch (error) {
    const reasons: Record<string, string> = {
      ENOENT: 'which is not there.',
      EACCES: 'which this user may not read.',
      EISDIR: 'which is a folder.',
    }
    return { fault: reasons[(error as NodeJS.ErrnoException).code ?? ''] ?? 'which cannot be read.' }
  }
}
