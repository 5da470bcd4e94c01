import 'reflect-metadata'
import type { ProbePoint } from '../../src/loads/run-context.ts'
import { crashPages, stumbling } from './mended.ts'
import { TestLoads } from './test-loads.ts'

/** The script of a process that is to be killed. Runs what was set aside again in this process, which dies the hard way when `point` is met for the `nth` time. */
async function run(folder: string, point: ProbePoint, nth: string): Promise<void> {
  let met = 0
  const probe = (at: ProbePoint): void => {
    if (at === point && ++met === Number(nth)) process.kill(process.pid, 'SIGKILL')
  }
  const test = await TestLoads.open({ connectors: [stumbling(crashPages, true)], folder, probe })
  await test.loads.start()
  await test.loads.replay(await test.sources.get('stumbling'), null)
  await test.loads.idle()
  await test.stop()
}

await run(...(process.argv.slice(2) as [string, ProbePoint, string]))
