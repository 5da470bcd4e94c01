import { setTimeout as pause } from 'node:timers/promises'
import { defineConnector } from '@handover/sdk'
import { z } from 'zod'

/** Counts to `last`, a page every `pauseMs`, so that a test knows every row and can strike in the middle. */
export default defineConnector({
  name: 'counter',
  title: 'Counter',
  about: 'Numbers in a row, slowly, for tests that kill things.',
  invented: true,
  config: z.object({
    last: z.int().min(1).max(1_000_000).default(4000).describe('The last number'),
    page: z.int().min(1).max(1000).default(100).describe('Numbers in a page'),
    pauseMs: z.int().min(0).max(10_000).default(250).describe('Milliseconds before each page'),
  }),
  streams: {
    numbers: {
      about: 'One record per number.',
      async *extract({ config: { last, page, pauseMs }, cursor, signal }) {
        for (let from = Number(cursor ?? 0); from < last; from += page) {
          await pause(pauseMs, undefined, { signal })
          const to = Math.min(from + page, last)
          yield { records: Array.from({ length: to - from }, (_, index) => ({ number: from + index + 1 })), cursor: to }
        }
      },
    },
  },
  datasets: {
    merged: {
      from: 'numbers',
      about: 'One row per number: a second one would replace the first.',
      key: ['number'],
      load: 'merge',
      columns: z.object({ number: z.int().describe('The number'), square: z.int().describe('Times itself') }),
      transform: ({ number }) => ({ number, square: number * number }),
    },
    appended: {
      from: 'numbers',
      about: 'One row per record: a number that is read twice would stand here twice.',
      load: 'append',
      columns: z.object({ number: z.int().describe('The number') }),
      transform: ({ number }) => ({ number }),
    },
  },
})
