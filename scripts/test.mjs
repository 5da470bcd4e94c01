// `npm test`: builds what changed (some tests drive the built product), runs the tests of every part and prints what was skipped and why.
// Arguments go to Vitest: `npm test -- connectors/files`, `npm test -- --project docs`.
import { parseCLI, startVitest } from 'vitest/node'
import { build } from './build.mjs'
import { root } from './tools.mjs'

process.exitCode = 1 // until the end says otherwise: a run that was cut off must not look green

/** Keeps how the run ended, and every test that did not run. */
const verdict = {
  reason: 'interrupted',
  passed: 0,
  skipped: [],
  onTestRunEnd(modules, _errors, reason) {
    verdict.reason = reason
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state, note } = test.result()
        if (state === 'passed') verdict.passed++
        if (state === 'skipped') verdict.skipped.push(`${module.relativeModuleId} > ${test.fullName}: ${note ?? 'no reason given'}`)
      }
    }
  },
}

await build()
for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 })) {
  process.on(signal, () => {
    console.error('\nThe tests were stopped before their end.')
    process.exit(code)
  })
}

const { filter, options } = parseCLI(['vitest', 'run', ...process.argv.slice(2)])
const vitest = await startVitest('test', filter, { ...options, root, watch: false, reporters: ['default', verdict] })
await vitest.close()

if (!process.env.TEST_MYSQL_URL)
  verdict.skipped.push('server on MySQL: no MySQL; set TEST_MYSQL_URL, for example mysql://root:password@127.0.0.1:3306')
if (!process.env.TEST_DOCKER)
  verdict.skipped.push('docker: not asked for; set TEST_DOCKER=1 where Docker with Compose 2.24 or newer answers')
console.log(`Skipped: ${verdict.skipped.length}`)
for (const line of verdict.skipped) console.log(`  ${line}`)
if (verdict.reason === 'passed' && verdict.passed === 0) console.error('No test ran.')
process.exit(verdict.reason === 'passed' && verdict.passed > 0 ? 0 : 1)
