// Builds the server and the dashboard, each only when something it is made from has changed.
import { createHash } from 'node:crypto'
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { dependencyProblem } from './dependencies.mjs'
import { root, run, stop, tool } from './tools.mjs'

const PARTS = [
  {
    name: 'server',
    inputs: ['server/src/**/*.ts', 'connectors/sdk/**/*.ts', 'server/tsconfig.json', 'connectors/sdk/tsconfig.json', 'tsconfig.base.json'],
    ignored: (path) => path.endsWith('.test.ts'),
    output: 'server/dist/app/main.js',
    stamp: 'server/dist/.built',
    async build() {
      const result = await run(tool.tsc, ['-b', 'server', '--pretty', 'false'])
      if (result.code === 0) removeStale()
      return result
    },
  },
  {
    name: 'dashboard',
    // Help is built in: the docs with their pictures.
    inputs: ['client/*.{json,ts,js}', 'client/src/**/*', 'client/static/**/*', 'docs/**/*.{md,png,svg,pdf}'],
    ignored: (path) => path.endsWith('.test.ts'),
    output: 'client/build/handler.js',
    stamp: 'client/build/.built',
    build: () => run(tool.vite, ['build', '--logLevel', 'warn'], { cwd: join(root, 'client') }),
  },
]

/** The compiler leaves the output of deleted sources behind, and what is left behind may still be loaded. */
function removeStale() {
  const dist = join(root, 'server/dist')
  for (const path of globSync('**/*.{js,js.map,d.ts}', { cwd: dist })) {
    const source = join(root, 'server/src', path.replace(/\.(js|js\.map|d\.ts)$/, '.ts'))
    if (!existsSync(source)) rmSync(join(dist, path))
  }
}

/** Content and not times: a checkout back and forth builds nothing. */
function fingerprint(part) {
  const hash = createHash('sha256')
  const entries = globSync([...part.inputs, 'package-lock.json'], { cwd: root, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  for (const file of files.filter((path) => !part.ignored(path)).sort())
    hash.update(file.slice(root.length)).update('\0').update(readFileSync(file))
  return hash.digest('hex')
}

function isCurrent(part, print) {
  const stamp = join(root, part.stamp)
  return existsSync(join(root, part.output)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === print
}

async function buildPart(part) {
  const print = fingerprint(part)
  if (isCurrent(part, print)) return null
  console.log(`Building the ${part.name}…`)
  const stamp = join(root, part.stamp)
  rmSync(stamp, { force: true }) // a build that is cut off must not look like a whole one
  const { code, output } = await part.build()
  if (code !== 0) return `${output.trim()}\n\nThe ${part.name} could not be built: see the lines above.`
  mkdirSync(dirname(stamp), { recursive: true })
  writeFileSync(stamp, print)
  return null
}

/** Builds what changed, parts side by side, or the named ones only. Prints compiler output only when it fails, and then ends the process with exit code 1. */
export async function build(names = PARTS.map(({ name }) => name)) {
  const problem = dependencyProblem(root)
  if (problem) stop(problem)
  const faults = (await Promise.all(PARTS.filter(({ name }) => names.includes(name)).map(buildPart))).filter((fault) => fault !== null)
  if (faults.length > 0) stop(faults.join('\n\n'))
}

if (import.meta.main) await build(process.argv.length > 2 ? process.argv.slice(2) : undefined)
