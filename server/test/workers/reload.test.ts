import { describe, expect, it } from 'vitest'
import { readSettings } from '../../src/app/config.ts'
import { startHandover } from '../../src/app/handover.ts'
import { createLogger } from '../../src/app/logger.ts'
import { systemClock } from '../../src/shared/clock.ts'
import { testDatabase } from '../../src/warehouse/testing/databases.ts'
import { connectorFolder } from '../api/connector-folder.ts'
import { startServer } from '../api/server.ts'

describe('a worker beside an API', { timeout: 60_000 }, () => {
  it('loads with what was reloaded there', async () => {
    await using connectors = await connectorFolder()
    await connectors.write('shop')
    const HANDOVER_CONNECTORS = connectors.path
    await using api = await startServer({ HANDOVER_CONNECTORS, HANDOVER_ROLE: 'api' })
    const { url } = await testDatabase(api.folder)
    const settings = readSettings(
      { DATABASE_URL: url!, HANDOVER_DATA: api.folder, HANDOVER_CONNECTORS, HANDOVER_ROLE: 'worker' },
      api.folder,
    )
    const logger = createLogger('silent')
    const worker = await startHandover(settings, { logger, clock: systemClock, examples: false })
    try {
      await connectors.write('shop', { extract: 'yield { records: [{ id: 7 }] }' })
      await connectors.write('market', { extract: 'yield { records: [{ id: 8 }] }' })
      const { data } = await api.ask('mutation { reloadConnectors { added changed } }')
      expect(data.reloadConnectors).toEqual({ added: ['market'], changed: ['shop'] })
      for (const name of ['shop', 'market']) {
        const input = { slug: name, title: name, connector: name, config: {} }
        await api.ask('mutation ($input: CreateSource!) { createSource(input: $input) { slug } }', { input })
      }
      const rows = async () => (await api.ask('{ shop { items { nodes { id } } } market { items { nodes { id } } } }')).data
      // Each was loaded once, and with the version that was reloaded, although its load began at once.
      await expect
        .poll(rows, { timeout: 20_000 })
        .toEqual({ shop: { items: { nodes: [{ id: 7 }] } }, market: { items: { nodes: [{ id: 8 }] } } })
    } finally {
      await worker.stop()
    }
  })
})
