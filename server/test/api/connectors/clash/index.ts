import { defineConnector, type Page } from '@handover/sdk'
import { z } from 'zod'

const columns = z.object({ true: z.string().describe('One name'), true_: z.string().describe('The same name in GraphQL') })

/** Two columns that would have one name in GraphQL. */
export default defineConnector({
  name: 'clash',
  title: 'Clash',
  about: 'A source that cannot be shown in the API.',
  config: z.object({}),
  streams: {
    items: {
      about: 'Nothing.',
      async *extract(): AsyncGenerator<Page> {
        yield { records: [] }
      },
    },
  },
  datasets: { items: { from: 'items', about: 'Nothing.', load: 'append', columns, transform: (raw) => raw } },
})
