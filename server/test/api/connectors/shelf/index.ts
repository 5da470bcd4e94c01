import { date, decimal, defineConnector, image, instant, int64, json, secret, SourceError } from '@handover/sdk'
import { z } from 'zod'

const START = Date.UTC(2020, 0, 1)
const DAY = 24 * 3600 * 1000

/** Invents `rows` items, one per number, so that a test knows every value. */
export default defineConnector({
  name: 'shelf',
  title: 'Shelf',
  about: 'Items with one column of every kind, for tests of the API.',
  invented: true,
  provider: { name: 'Shelf Ltd', url: 'https://shelf.example/data', licence: 'free', attribution: 'Items by Shelf' },
  config: z.object({
    rows: z.int().min(0).max(100_000).default(10).describe('How many items'),
    bad: z.boolean().default(false).describe('Spoil item 3'),
    token: secret().optional().describe('Any word; "wrong" is not let in'),
  }),
  check: async ({ config }) => {
    if (config.token === 'wrong') throw new SourceError(`The token ${config.token} is not known.`)
  },
  streams: {
    items: {
      about: 'One record per item.',
      async *extract({ config }) {
        for (let start = 0; start < config.rows; start += 1000) {
          const numbers = Array.from({ length: Math.min(1000, config.rows - start) }, (_, index) => start + index)
          yield { records: numbers.map((number) => ({ number, name: config.bad && number === 3 ? 3 : nameOf(number) })) }
        }
      },
    },
  },
  datasets: {
    items: {
      from: 'items',
      about: 'One row per item.',
      key: ['id'],
      load: 'merge',
      columns: z.object({
        id: z.int().describe('Number of the item'),
        name: z.string().nullish().meta({ role: 'label' }).describe('Name of the item; every seventh has none'),
        price: decimal(12, 2).meta({ unit: 'SEK' }).describe('Price'),
        weight: z.number().describe('Weight'),
        big: int64().describe('A number beyond 53 bits'),
        sold: z.boolean().describe('Whether it is gone'),
        made: date().describe('Day it was made'),
        seen: instant().meta({ role: 'time' }).describe('When it was last seen'),
        tags: json().describe('Words about it'),
        picture: image().describe('Its picture'),
        not: z.string().describe('A column whose name filters need'),
        null: z.string().describe('A column whose name GraphQL needs'),
      }),
      transform: ({ number, name }) => ({
        id: number,
        name,
        price: `${number}.50`,
        weight: number / 8,
        big: (2n ** 60n + BigInt(number)).toString(),
        sold: number % 2 === 0,
        made: new Date(START + number * DAY).toISOString().slice(0, 10),
        seen: new Date(START + number * DAY).toISOString(),
        tags: { number, exact: 12345678901234567890n },
        picture: `item-${number % 3}`,
        not: 'x',
        null: 'x',
      }),
    },
  },
  media: async (key) => ({
    bytes: new TextEncoder().encode(`<svg xmlns="http://www.w3.org/2000/svg"><title>${key}</title></svg>`),
    type: 'image/svg+xml',
  }),
})

/** Names that try to break out of CSV, JSON and HTML. */
function nameOf(number: number): string | null {
  return [null, 'Äpple, b', 'say "hi"', 'two\r\nlines', '=1+1', '<script>alert(1)</script>', ''][number % 7]!
}
