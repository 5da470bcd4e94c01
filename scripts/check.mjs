// `npm run check`: format, lint, types, tests, docs. One line per step; what is wrong is printed below it.
// Options: --fix repairs format and lint where that is safe; --no-tests leaves the tests out, for when they have just run.
import { parseArgs } from 'node:util'
import { dependencyProblem } from './dependencies.mjs'
import { root, run, stop, tool } from './tools.mjs'
import { join } from 'node:path'

const { values: asked } = parseArgs({
  options: { fix: { type: 'boolean' }, tests: { type: 'boolean', default: true } },
  allowNegative: true,
})
const client = join(root, 'client')
const test = join(root, 'scripts/test.mjs')

const STEPS = [
  {
    name: 'format',
    commands: [
      [
        tool.prettier,
        [asked.fix ? '--write' : '--check', '--log-level', 'warn', '--cache', '--cache-location', 'node_modules/.cache/prettier.json', '.'],
      ],
    ],
  },
  {
    name: 'lint',
    commands: [[tool.oxlint, [...(asked.fix ? ['--fix'] : []), '--deny-warnings', '--report-unused-disable-directives', '.']]],
  },
  {
    name: 'types',
    commands: [
      [tool.tsc, ['-b', 'server', 'connectors', 'docs', '--pretty', 'false']],
      [tool.tsc, ['-p', 'server/tsconfig.test.json', '--pretty', 'false']],
      [tool.tsc, ['-p', 'client/serve', '--pretty', 'false']],
      [tool.svelteKit, ['sync'], { cwd: client }],
      [tool.svelteCheck, ['--tsconfig', './tsconfig.json', '--output', 'human', '--fail-on-warnings'], { cwd: client }],
    ],
  },
  ...(asked.tests ? [{ name: 'tests', commands: [[test, ['--project', '!docs']]] }] : []),
  { name: 'docs', commands: [[test, ['--project', 'docs']]] },
]

/** Runs the commands of a step to the end, so that one run shows every fault. */
async function check(step) {
  const results = []
  for (const command of step.commands) results.push(await run(...command))
  const seconds = results.reduce((sum, result) => sum + result.seconds, 0)
  const faults = results.filter((result) => result.code !== 0)
  console.log(`${faults.length === 0 ? '✓' : '✗'} ${step.name.padEnd(7)} ${seconds.toFixed(1).padStart(6)} s`)
  for (const fault of faults) console.error(fault.output.trim().replaceAll(`${root}/`, ''), '\n')
  return faults.length === 0
}

const problem = dependencyProblem(root)
if (problem) stop(problem)
const failed = []
for (const step of STEPS) if (!(await check(step))) failed.push(step.name)
if (failed.length > 0)
  stop(`Not right yet: ${failed.join(', ')}.${asked.fix ? '' : ' "npm run check -- --fix" repairs format and much of lint.'}`)
