import { ConfigError, defineConnector, secret } from '@handover/sdk'
import { z } from 'zod'

/** Has a setting of every kind, and refuses the token "wrong" in its own words. */
export default defineConnector({
  name: 'kinds',
  title: 'Every kind',
  about: 'A setting of every kind, for tests of forms.',
  config: z.object({
    url: z.url().meta({ title: 'Address' }).describe('Where the shop answers'),
    token: secret().describe('From the page "My account"'),
    spare: secret().optional().describe('A second token'),
    first: z.int().min(1).max(5000).default(10).describe('How many at first'),
    mode: z.enum(['offline', 'online']).default('offline').describe('Where from'),
    deep: z.boolean().default(false).describe('All the way down'),
    headers: z.record(z.string(), z.string()).default({}).describe('Sent along with every question'),
  }),
  check: async ({ config }) => {
    if (config.token !== 'wrong') return
    const message = `The shop does not know the token ${config.token}.`
    throw new ConfigError(message, { fields: [{ name: 'token', message }] })
  },
  streams: {
    orders: {
      about: 'Orders.',
      async *extract({ config }) {
        yield { records: Array.from({ length: config.first }, (_, id) => ({ id, buyer: id === 2 ? 7 : `Buyer ${id}` })) }
      },
    },
  },
  datasets: {
    orders: {
      from: 'orders',
      about: 'One row per order.',
      key: ['id'],
      load: 'merge',
      columns: z.object({
        id: z.int().describe('Number'),
        buyer: z.string().meta({ role: 'label', personal: true }).describe('Who bought'),
      }),
      transform: (raw) => raw,
    },
  },
})
