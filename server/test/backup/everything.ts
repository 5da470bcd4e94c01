import {
  date,
  decimal,
  defineConnector,
  image,
  instant,
  int64,
  json,
  secret,
  type Connector,
  type ExtractContext,
  type Json,
} from '@handover/sdk'
import { z } from 'zod'

/** Texts that get lost where somebody is careless with quotes, ends of lines, encodings or the form of JSON. */
const TEXTS = [
  "it's",
  '"quoted" \\ back',
  'line\nline\r\n\ttab',
  '',
  ' ',
  '😀 é e\u0301',
  '\u2028',
  '[1,"2"]',
  "'); DROP TABLE x; --",
  'å'.repeat(3000),
]
const LONG = 9_223_372_036_854_775_807n

/** Row `number` of the dataset of every kind, as its source says it. */
export const thing = (number: number): Record<string, Json> => ({
  number,
  name: number % 5 === 4 ? null : TEXTS[number % TEXTS.length]!,
  big: String(number % 3 === 0 ? -LONG : LONG - BigInt(number)),
  half: number % 7 === 0 ? null : number / 3 - 100,
  price: `${number % 2 === 0 ? '-' : ''}${number}.${String(number % 100).padStart(2, '0')}`,
  paid: [true, false, null][number % 3]!,
  day: `20${String(10 + (number % 80))}-02-28`,
  at: new Date(Date.UTC(2026, 0, 1) + number * 86_400_123).toISOString(),
  more: { list: [number, TEXTS[number % TEXTS.length]!, null], deep: { 'odd "key"': 1.5 } },
})

/** What a test holds the source with. */
export interface Source {
  /** Numbers that there are. */
  last: number
  /** The first number of each page that was read. */
  readonly asked: number[]
  /** Waited for before the page that begins with the number. */
  gate: { readonly at: number; readonly opened: Promise<void>; readonly reached: () => void } | null
}

const about = 'For a test.'
const PAGE = 100

/** Datasets of every load mode and a column of every kind, with pictures, records that are set aside, and a secret. */
export function everything(source: Source): Connector {
  return defineConnector({
    ...{ name: 'everything', title: 'Everything', about },
    config: z.object({ token: secret().describe('A token') }),
    streams: {
      things: {
        about,
        async *extract({ cursor }: ExtractContext) {
          for (let from = Number(cursor ?? 0); from < source.last; from += PAGE) {
            if (source.gate?.at === from) {
              source.gate.reached()
              await source.gate.opened
            }
            source.asked.push(from)
            yield { records: Array.from({ length: PAGE }, (_, index) => thing(from + index)), cursor: from + PAGE }
          }
        },
      },
      list: {
        about,
        async *extract() {
          yield { records: Array.from({ length: 20 }, (_, number) => ({ number, of: source.last })) }
        },
      },
    },
    datasets: {
      things: {
        ...{ from: 'things', about, key: ['number'], load: 'merge' },
        columns: z.object({
          number: z.int().describe('Number'),
          name: z.string().nullable().describe('Name'),
          big: int64().describe('A long number'),
          half: z.number().nullable().describe('A fraction'),
          price: decimal(12, 2).describe('Price'),
          paid: z.boolean().nullable().describe('Paid'),
          day: date().describe('Day'),
          at: instant().describe('At'),
          more: json().describe('More'),
          face: image().nullable().describe('Face'),
        }),
        transform: (raw: Record<string, unknown>) =>
          ({ ...raw, face: Number(raw['number']) % 50 === 0 ? `face-${raw['number']}` : null }) as never,
      },
      events: {
        ...{ from: 'things', about, load: 'append' },
        columns: z.object({ number: z.int().max(1_000_000).describe('Number'), tag: z.string().max(3).describe('Tag') }),
        // Every hundredth is too long, and set aside.
        transform: ({ number }: Record<string, unknown>) => ({ number, tag: Number(number) % 100 === 7 ? 'too long' : 'ok' }) as never,
      },
      list: {
        ...{ from: 'list', about, load: 'replace', key: ['number'] },
        columns: z.object({ number: z.int().describe('Number'), of: z.int().describe('Of so many') }),
        transform: (raw: Record<string, unknown>) => raw as never,
      },
    },
    media: async (key: string) => ({
      bytes: new TextEncoder().encode(`<svg xmlns="http://www.w3.org/2000/svg"><text>${key}</text></svg>`),
      type: 'image/svg+xml',
    }),
  } as never) as unknown as Connector
}
