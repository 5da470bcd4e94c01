import { decimal, defineConnector, instant } from '@handover/sdk'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { CatalogService } from '../catalog/catalog.service.ts'
import { connectorPages } from './connector-pages.ts'

const waits = defineConnector({
  name: 'waits',
  title: 'Waits',
  about: 'Waits | as *posted*.',
  provider: { name: 'Waits Ltd', url: 'https://waits.example/', licence: 'free with a link', attribution: 'Powered by Waits' },
  config: z.object({ park: z.int().min(1).describe('Number of the park'), unit: z.enum(['min', 's']).default('min').describe('Unit') }),
  streams: {
    rides: { about: 'One record per ride.', partitions: () => [{ key: '11', value: 11 }], async *extract() {} },
    notes: { about: 'Notes on a ride.', parent: 'queue', async *extract() {} },
  },
  datasets: {
    queue: {
      from: 'rides',
      about: 'One row per look.',
      key: ['at'],
      load: 'replace',
      columns: z.object({
        at: instant().meta({ role: 'time' }).describe('When'),
        wait: decimal(6, 1).nullable().meta({ unit: 'minutes' }).describe('How long'),
      }),
      transform: (): null => null,
    },
  },
})

it('says of a connector whose data it loads, its settings, streams, datasets and columns', () => {
  const page = connectorPages(new CatalogService([{ name: 'waits', folder: '/waits', connector: waits, error: null }]))['waits.md']!
  expect(page).toContain('Waits \\| as \\*posted\\*.')
  expect(page).toContain(
    'Data: [Waits Ltd](https://waits.example/). Licence: free with a link. To be shown with the data: “Powered by Waits”.',
  )
  expect(page).toContain('| `park` | number, at least 1 | it must be given | Number of the park |')
  expect(page).toContain('| `unit` | `min`, `s` | `min` | Unit |')
  expect(page).toContain('| `rides` | One record per ride. Read in pieces, each with a place of its own to go on from. |')
  expect(page).toContain('| `notes` | Notes on a ride. Read once for each row of `queue`. |')
  expect(page).toContain('Made from the stream `rides`; each load is the whole table. Rows are known by `at`.')
  expect(page).toContain('| `wait` | decimal(6, 1) | minutes |  | yes |  | How long |')
})

it('writes no page for a connector that cannot be used, and says why', () => {
  const error = { message: 'The connector broken cannot be used.', detail: '' }
  expect(() => connectorPages(new CatalogService([{ name: 'broken', folder: '/broken', connector: null, error }]))).toThrow(error.message)
})
