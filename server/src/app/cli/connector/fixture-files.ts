import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { requestKey, type Fixture } from '@handover/sdk/host'
import { fixtureText } from './fixture-text.ts'

/** Names of the fixtures in a folder; none when there is no folder. */
export async function fixtureFiles(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => [])
  return names.filter((name) => name.endsWith('.json')).sort()
}

/** Writes fixtures and takes away those that were recorded before, or that answer the same request. What was made by hand stays. */
export async function writeFixtures(folder: string, fixtures: ReadonlyMap<string, Fixture>): Promise<string[]> {
  await mkdir(folder, { recursive: true })
  const answered = new Set([...fixtures.values()].map(keyOf))
  for (const name of await fixtureFiles(folder)) {
    const old = JSON.parse(await readFile(join(folder, name), 'utf8')) as Fixture
    if (old.origin.startsWith('recorded ') || answered.has(keyOf(old)) || fixtures.has(name)) await rm(join(folder, name))
  }
  for (const [name, fixture] of fixtures) await writeFile(join(folder, name), fixtureText(fixture))
  return [...fixtures.keys()]
}

const keyOf = ({ request }: Fixture): string => requestKey(request.method, request.url, request.body)
