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
for (const [path, text] of files) {
  mkdirSync(dirname(join(folder, path)), { recursive: true })
  writeFileSync(join(folder, path), text)
}
afterAll(() => rmSync(folder, { recursive: true }))

it('shows every file that a connector needs', () => {
  expect([...files.keys()].sort()).toEqual([
    'web-shop/fixtures/all.json',
    'web-shop/fixtures/since.json',
    'web-shop/index.test.ts',
    'web-shop/index.ts',
    'web-shop/readme.md',
  ])
})

it('shows code that the compiler takes under the settings of the connectors', { timeout: 60_000 }, () => {
  const { config } = ts.readConfigFile(join(root, 'connectors/tsconfig.json'), ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, join(root, 'connectors'))
  const program = ts.createProgram([join(folder, 'web-shop/index.ts')], { ...options, incremental: false, noEmit: true })
  const faults = ts.getPreEmitDiagnostics(program).map((fault) => ts.flattenDiagnosticMessageText(fault.messageText, '\n'))
  expect(faults).toEqual([])
})

await import(pathToFileURL(join(folder, 'web-shop/index.test.ts')).href)
