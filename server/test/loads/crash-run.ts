import 'reflect-metadata'
import type { ProbePoint } from '../../src/loads/run-context.ts'
import { ledger } from './ledger.ts'
import { TestLoads } from './test-loads.ts'

/** The script of a process that is to be killed. Loads in this process, which dies the hard way when `point` is met for the `nth` time. Makes the source when there is none. */
async function run(folder: string, point: ProbePoint, nth: string, size: string): Promise<void> {
  let met = 0
  const probe = (at: ProbePoint): void => {
    if (at === point && ++met === Number(nth)) process.kill(process.pid, 'SIGKILL')
  }
  const test = await TestLoads.open({ connectors: [ledger()], folder, probe })
  if ((await test.sources.list()).length === 0) await test.source('ledger', { pages: 6, size: Number(size) })
  await test.loads.start()
  await test.loads.idle()
  await test.stop()
}

await run(...(process.argv.slice(2) as [string, ProbePoint, string, string]))
