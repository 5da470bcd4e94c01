import { decimal, defineConnector, image, instant, json, secret } from '@handover/sdk'
import { z } from 'zod'

const PAGE = 10

/** Orders by number up to `last`, in pages with a cursor. What it says must stay the same: databases of old releases were filled by it. */
export default defineConnector({
  name: 'shop',
  title: 'Shop',
  about: 'Made-up orders, for tests of databases that an older release has filled.',
  invented: true,
  config: z.object({
    last: z.int().min(1).max(10_000).default(50).describe('Number of the last order'),
    token: secret().describe('Any word'),
  }),
  streams: {
    orders: {
      about: 'One record per order.',
      async *extract({ config: { last }, cursor }) {
        for (let from = Number(cursor ?? 0); from < last; from += PAGE) {
          const to = Math.min(from + PAGE, last)
          yield { records: Array.from({ length: to - from }, (_, index) => ({ number: from + index + 1 })), cursor: to }
        }
      },
    },
    clerks: {
      about: 'Who sells.',
      async *extract() {
        yield { records: ['Maja', "D'Arcy", 'Åse 😀'].map((name, id) => ({ id, name })) }
      },
    },
  },
  datasets: {
    orders: {
      from: 'orders',
      about: 'One row per order; every tenth has no price and is set aside.',
      key: ['number'],
      load: 'merge',
      columns: z.object({
        number: z.int().describe('Number of the order'),
        price: decimal(12, 2).meta({ unit: 'SEK' }).describe('Price'),
        placed: instant().meta({ role: 'time' }).describe('When it was placed'),
        paid: z.boolean().describe('Whether it is paid'),
        goods: json().describe('What was bought'),
      }),
      transform: ({ number }) => ({
        number,
        price: (number % 10 === 0 ? 'none' : `${number}.50`) as never,
        placed: new Date(Date.UTC(2026, 0, 1) + number * 3_600_000).toISOString(),
        paid: number % 2 === 0,
        goods: { number, list: ['a', "b's"] },
      }),
    },
    numbers: {
      from: 'orders',
      about: 'One row per record.',
      load: 'append',
      columns: z.object({ number: z.int().describe('Number of the order') }),
      transform: ({ number }) => ({ number }),
    },
    clerks: {
      from: 'clerks',
      about: 'One row per clerk, all of them each time.',
      key: ['id'],
      load: 'replace',
      columns: z.object({ id: z.int().describe('Number'), name: z.string().describe('Name'), face: image().describe('Face') }),
      transform: ({ id, name }) => ({ id, name, face: `clerk-${id}` }),
    },
  },
  media: async (key) => ({
    bytes: new TextEncoder().encode(`<svg xmlns="http://www.w3.org/2000/svg"><title>${key}</title></svg>`),
    type: 'image/svg+xml',
  }),
})
