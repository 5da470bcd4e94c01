import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ROOT } from './config.ts'

/** The version of this Handover. */
export async function version(): Promise<string> {
  return (JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as { version: string }).version
}
