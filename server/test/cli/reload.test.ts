import { expect, it } from 'vitest'
import { connectorFolder } from '../api/connector-folder.ts'
import { startServer } from '../api/server.ts'
import { run } from './command-line.ts'

it('handover reload says what is different, and ends with 1 when a connector cannot be used', { timeout: 60_000 }, async () => {
  await using connectors = await connectorFolder()
  for (const name of ['same', 'edited', 'leaving']) await connectors.write(name)
  await using server = await startServer({ HANDOVER_CONNECTORS: connectors.path })
  const reload = (...words: string[]) => run(['reload', ...words], { HANDOVER_URL: server.url })
  expect(await reload()).toEqual({ code: 0, stdout: 'No connector is different.\n', stderr: '' })
  await connectors.write('fresh')
  await connectors.write('edited', { top: `\n\nthrow new Error('Half done.')` })
  await connectors.remove('leaving')
  const problem = 'The connector edited cannot be used (edited/index.ts, line 3). Half done.'
  expect(await reload()).toEqual({ code: 1, stdout: `Added: fresh.\nChanged: edited.\nRemoved: leaving.\n${problem}\n`, stderr: '' })
  await connectors.write('edited', { title: 'Done' })
  const { code, stdout } = await reload('--json')
  expect([code, JSON.parse(stdout)]).toEqual([0, { added: [], changed: ['edited'], removed: [], broken: [], unfit: [] }])
})
