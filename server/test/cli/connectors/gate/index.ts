import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { defineConnector, SourceError } from '@handover/sdk'
import { z } from 'zod'

/** A source whose loads wait, fail or bring a short list, as a test says. */
export default defineConnector({
  name: 'gate',
  title: 'Gate',
  about: 'Visits, for tests of the command line.',
  invented: true,
  config: z.object({
    rows: z.int().min(0).default(30).describe('How many visits there are'),
    until: z.string().default('').describe('Goes on only when a file of this name lies in the folder of files; empty: at once'),
    fail: z.boolean().default(false).describe('Break after the first page'),
  }),
  streams: {
    visits: {
      about: 'One record per visit.',
      async *extract({ config: { rows, until, fail }, filesFolder, signal }) {
        yield { records: Array.from({ length: rows }, (_, index) => ({ id: index + 1, place: 'Gate \u001b[31m1' })) }
        if (fail) throw new SourceError('The gate is stuck.\u001b[2J', { detail: 'HTTP 503 from gate 4' })
        const isShut = () => until !== '' && !existsSync(join(filesFolder, until))
        while (isShut()) await setTimeout(20, undefined, { signal })
      },
    },
  },
  datasets: {
    visits: {
      from: 'visits',
      about: 'One row per visit.',
      key: ['id'],
      load: 'replace',
      columns: z.object({ id: z.int().describe('Number'), place: z.string().max(20).describe('Gate') }),
      transform: (record) => record,
    },
  },
})
