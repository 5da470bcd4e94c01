import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import ts from 'typescript'
import { afterAll, expect, it } from 'vitest'

// The guide's own files are written down as it tells, and its own test file runs here. Inside the repository, so that packages are found,
// and outside `connectors`, so that no running server takes it for a connector.
const root = resolve(import.meta.dirname, '../..')
const folder = join(root, '.cache/guide', String(process.pid))
const guide = readFileSync(join(root, 'docs/guides/add-a-connector.md'), 'utf8')

/** Code blocks by the path that the text names last before each. */
function filesOf(text: string): Map<string, string> {
  const files = new Map<string, string>()
  for (const block of text.matchAll(/^```(?:ts|json|md)\n([\s\S]*?)^```$/gm)) {
    const path = [...text.slice(0, block.index).matchAll(/`connectors\/([\w./-]+\.(?:ts|json|md))`/g)].at(-1)?.[1]
    if (path && !files.has(path)) files.set(path, block[1]!)
  }
  return files
}

const files = filesOf(guide)
const connectors = [...files.keys()].filter((path) => path.endsWith('/index.ts')).map((path) => join(folder, path))
for (const [path, text] of files) {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}
afterAll(() => rmSync(folder, { recursive: true }))

it('shows every file that a connector needs', () => {
  expect([...files.keys()].sort()).toEqual([
    'city-parks/index.ts',
    'web-shop/fixtures/all.json',
    'web-shop/fixtures/since.json',
    'web-shop/index.test.ts',
    'web-shop/index.ts',
    'web-shop/readme.md',
  ])
})

it('shows a useful connector in at most 30 lines', () => {
  expect(files.get('web-shop/index.ts')!.trimEnd().split('\n').length).toBeLessThanOrEqual(30)
})

it('shows code that the compiler takes under the settings of the connectors', { timeout: 60_000 }, () => {
  const { config } = ts.readConfigFile(join(root, 'connectors/tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, join(root, 'connectors'))
  const program = ts.createProgram(connectors, { ...options, incremental: false, noEmit: true })
  const faults = ts.getPreEmitDiagnostics(program).map((fault) => ts.flattenDiagnosticMessageText(fault.messageText, '\n'))
  expect(faults).toEqual([])
})

it.each(connectors)('shows a connector that can be loaded: %s', async (file) => {
  const { default: connector } = (await import(pathToFileURL(file).href)) as { default: { name: string } }
  expect(file).toContain(`/${connector.name}/`)
})

it('names commands and tests that there are', () => {
  const commands = readFileSync(join(root, 'docs/reference/cli.md'), 'utf8')
  for (const [, name] of guide.matchAll(/npx handover (connector \w+|\w+)/g)) expect(commands).toContain(`\n## ${name}\n`)
  const kit = readFileSync(join(root, 'connectors/sdk/testing/hostile.ts'), 'utf8')
  for (const [, test] of guide.matchAll(/exceptions: \{ '([^']+)'/g)) expect(kit).toContain(`'${test}'`)
})

await import(pathToFileURL(join(folder, 'web-shop/index.test.ts')).href)
