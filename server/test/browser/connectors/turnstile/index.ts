import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { defineConnector, SourceError } from '@handover/sdk'
import { z } from 'zod'

const config = z.object({
  rows: z.int().min(0).default(30).describe('How many prices there are'),
  until: z.string().default('').describe('Goes on only when a file of this name lies in the folder of files; empty: at once'),
  fail: z.boolean().default(false).describe('Break after the first page'),
})

/** A source whose loads a test lets through, page by page; its list of prices is as long as the test says. */
export default defineConnector({
  name: 'turnstile',
  title: 'Turnstile',
  about: 'Prices and visits, for tests of the pages of loads.',
  invented: true,
  config,
  streams: {
    visits: {
      about: 'One record per visit.',
      async *extract({ config: { until, fail }, filesFolder, signal, log }) {
        const visits = (first: number) => Array.from({ length: 20 }, (_, index) => ({ id: first + index, place: `Gate ${index % 4}` }))
        log('The first visits were read.', { visits: 20 })
        yield { records: [...visits(1), { id: 'none' }], request: 'visits 1 to 20' }
        if (fail) throw new SourceError('The turnstile is stuck.', { detail: 'HTTP 503 from gate 4' })
        const isShut = () => until !== '' && !existsSync(join(filesFolder, until))
        while (isShut()) await setTimeout(20, undefined, { signal })
        yield { records: visits(21), request: 'visits 21 to 40' }
      },
    },
    prices: {
      about: 'One record per price.',
      async *extract({ config: { rows } }) {
        yield { records: Array.from({ length: rows }, (_, index) => ({ id: index + 1, price: index })) }
      },
    },
  },
  datasets: {
    visits: {
      from: 'visits',
      about: 'One row per visit.',
      key: ['id'],
      load: 'merge',
      columns: z.object({ id: z.int().describe('Number'), place: z.string().max(20).describe('Gate') }),
      transform: (record) => record,
    },
    prices: {
      from: 'prices',
      about: 'One row per price.',
      key: ['id'],
      load: 'replace',
      columns: z.object({ id: z.int().describe('Number'), price: z.int().describe('Price') }),
      transform: (record) => record,
    },
  },
})
