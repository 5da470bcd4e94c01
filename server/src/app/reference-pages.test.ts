import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ERRORS } from '../shared/errors.ts'
import { ROOT } from './config.ts'
import { HTTP_CODES, SOURCE_CODES } from './errors-page.ts'
import { GRAPHQL_CODES } from './error-masking.ts'
import { CONNECTOR_PAGES, referencePages } from './reference-pages.ts'
import { envExample, SETTINGS } from './settings.ts'

const pages = await referencePages()

describe('docs/reference', () => {
  it.each(Object.entries(pages))('%s is as `npx handover docs` writes it', async (name, text) => {
    expect(await readFile(join(ROOT, 'docs/reference', name), 'utf8')).toBe(text)
  })

  it('have the same settings in .env.example', async () => {
    const text = await readFile(join(ROOT, '.env.example'), 'utf8')
    expect(text).toBe(envExample())
    const named = [...text.matchAll(/^# ([A-Z_]+)=/gm)].map(([, name]) => name!).filter((name) => !name.endsWith('_FILE'))
    expect(named).toEqual(SETTINGS.map(({ name }) => name))
  })

  it('has a page for every connector, and a connector for every page', async () => {
    const connectors = await readdir(join(ROOT, 'connectors'), { withFileTypes: true })
    const folders = connectors.filter((entry) => entry.isDirectory() && entry.name !== 'sdk').map(({ name }) => `${name}.md`)
    expect(folders.length).toBeGreaterThan(1)
    expect((await readdir(join(ROOT, 'docs/reference', CONNECTOR_PAGES))).sort()).toEqual([...folders, 'readme.md'].sort())
  })

  it('names every code that the code raises, and none besides', async () => {
    const text = (await Promise.all((await sourceFiles()).map((file) => readFile(file, 'utf8')))).join('\n')
    const raised = new Set(
      [...text.matchAll(/(?:\bcode: |super\(|Error\(|errorBody\(|refuse\(response, \d+, )'([A-Z]+_[A-Z_]+)'/g)].map(([, code]) => code!),
    )
    const documented = new Set([...Object.keys(ERRORS), ...Object.keys(SOURCE_CODES), ...Object.keys(HTTP_CODES)])
    expect([...raised].filter((code) => !documented.has(code) && !(code in GRAPHQL_CODES))).toEqual([])
    expect([...documented].filter((code) => !text.includes(`'${code}'`))).toEqual([])
  })

  it('names every setting that is read, and none besides', async () => {
    const config = await readFile(join(ROOT, 'server/src/app/config.ts'), 'utf8')
    const client = await readFile(join(ROOT, 'client/src/lib/server/api.ts'), 'utf8')
    const compose = await readFile(join(ROOT, 'docker-compose.yml'), 'utf8')
    const read = new Set([
      ...[...(config + client).matchAll(/(?:HANDOVER|DATABASE|MONGODB|OTEL)_[A-Z_]+/g)].map(([name]) => name),
      ...[...compose.matchAll(/\$\{([A-Z_]+?)(?:_FILE)?[:}-]/g)].map(([, name]) => name!),
    ])
    read.delete('HANDOVER_')
    expect([...read].sort()).toEqual(SETTINGS.map((setting): string => setting.name).sort())
  })
})

/** Sources whose errors a person may meet: server, SDK and the connectors that come with it. */
async function sourceFiles(): Promise<string[]> {
  const folders = ['server/src', 'connectors', 'client/serve'].map((folder) => join(ROOT, folder))
  const lists = await Promise.all(folders.map((folder) => readdir(folder, { recursive: true, withFileTypes: true })))
  return lists
    .flat()
    .filter((entry) => entry.isFile() && /(?<!\.test)\.ts$/.test(entry.name) && !/node_modules|\/testing|fixtures/.test(entry.parentPath))
    .map((entry) => join(entry.parentPath, entry.name))
}
