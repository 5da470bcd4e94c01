import {
  ConfigError,
  decimal,
  defineConnector,
  instant,
  SourceError,
  type Context,
  type ExtractContext,
  type Page,
  type Partition,
  type Response,
} from '@handover/sdk'
import { z } from 'zod'
import { dayAfter, dayInSweden } from './days.ts'

const ADDRESS = 'https://www.elprisetjustnu.se/api/v1/prices/'

/** The files are free and served by volunteers; nobody needs them faster. */
const RATE = { calls: 10, seconds: 1 }

/** The first day that there is a file for. */
const FIRST_DAY = '2022-11-01'

const ZONES = ['SE1', 'SE2', 'SE3', 'SE4'] as const

/** Cursor of a day that is over and has been read: its file does not change any more. */
const READ = 'read'

const config = z.object({
  zones: z
    .string()
    .regex(/^\s*SE[1-4](\s*,\s*SE[1-4])*\s*$/i, 'One or more of SE1, SE2, SE3 and SE4, separated by commas.')
    .default('SE3')
    .meta({ title: 'Price zones' })
    .describe('Which of the four Swedish price zones, separated by commas: SE1 Luleå, SE2 Sundsvall, SE3 Stockholm, SE4 Malmö'),
  since: z.iso
    .date()
    .refine((day) => day >= FIRST_DAY, `Prices begin with ${FIRST_DAY}.`)
    .default('2026-01-01')
    .meta({ title: 'From' })
    .describe(
      'First day to load, at the earliest 2022-11-01. Each day and zone is one small file: a year of one zone takes about a minute',
    ),
})

type Config = z.output<typeof config>

/** One file at the source. */
interface File {
  readonly day: string
  readonly zone: string
}

function* partitions({ config, now }: Context<Config>): Generator<Partition> {
  const zones = new Set(config.zones.toUpperCase().match(/SE\d/g))
  const tomorrow = dayAfter(dayInSweden(now()))
  for (let day = config.since; day <= tomorrow; day = dayAfter(day))
    for (const zone of zones) yield { key: `${day} ${zone}`, value: { day, zone } satisfies File }
}

async function* extract({ http, partition, cursor, now }: ExtractContext<Config>): AsyncGenerator<Page> {
  if (cursor === READ) return
  const { day, zone } = partition.value as File
  const today = dayInSweden(now())
  const file = await http.at(ADDRESS, { rate: RATE }).get(`${day.slice(0, 4)}/${day.slice(5)}_${zone}.json`, { allow: [404] })
  const records = pricesOf(file)
  if (records.length > 0) yield { records, request: `GET ${file.url}`, ...(day < today && { cursor: READ }) }
  // The prices of tomorrow come out in the afternoon; until then there is no file.
  else if (day <= today) {
    throw new SourceError(
      `elprisetjustnu.se has no prices of ${day} for ${zone}. If they never come, let the source begin after that day.`,
      {
        code: 'SOURCE_INCOMPLETE',
      },
    )
  }
}

function pricesOf(file: Response): readonly unknown[] {
  if (file.status === 404) return []
  if (Array.isArray(file.body)) return file.body
  throw new SourceError('elprisetjustnu.se sent something that is not a list of prices. It usually recovers by itself.', {
    code: 'SOURCE_SHAPE',
  })
}

/** Reads the prices of today. */
async function check(context: Context<Config>): Promise<void> {
  const today = dayInSweden(context.now())
  if (context.config.since > dayAfter(today)) {
    const message = 'This day is still to come; prices are known up to tomorrow.'
    throw new ConfigError(message, { fields: [{ name: 'since', message }] })
  }
  for (const partition of partitions({ ...context, config: { ...context.config, since: today } })) {
    if (!partition.key.startsWith(today)) return
    for await (const _ of extract({ ...context, partition, cursor: null, hint: null }));
  }
}

/** A price as the file holds it; the zone stands in the name of the file only. */
interface RawPrice {
  readonly SEK_per_kWh: number
  readonly EUR_per_kWh: number
  readonly EXR: number
  readonly time_start: string
  readonly time_end: string
}

const minutesBetween = (start: string, end: string): number => (Date.parse(end) - Date.parse(start)) / 60_000

export default defineConnector({
  name: 'elpris',
  title: 'Electricity prices',
  about:
    'What electricity costs in Sweden, quarter by quarter, today, tomorrow and back to 2022: the spot price in each price zone, without tax and fees.',
  provider: {
    name: 'elprisetjustnu.se',
    url: 'https://www.elprisetjustnu.se/elpris-api',
    licence: 'Free to use with a link',
    licenceUrl: 'https://www.elprisetjustnu.se/elpris-api',
    attribution: 'Elpriser tillhandahålls av Elpriset just nu.se',
  },
  config,
  check,
  streams: {
    files: { about: 'One file per day and zone; those of days that are over are read once.', partitions, extract },
  },
  datasets: {
    prices: {
      from: 'files',
      title: 'Prices',
      about: 'One row per zone and period: a quarter of an hour since 1 October 2025, a whole hour before.',
      key: ['zone', 'start'],
      load: 'merge',
      columns: z.object({
        start: instant().meta({ title: 'From', role: 'time' }).describe('When the price begins to hold'),
        end: instant().meta({ title: 'Until' }).describe('When the next price begins'),
        zone: z.enum(ZONES).meta({ role: 'category' }).describe('Price zone: SE1 Luleå, SE2 Sundsvall, SE3 Stockholm, SE4 Malmö'),
        price: decimal(10, 5)
          .meta({ unit: 'SEK/kWh' })
          .describe('Spot price without VAT, tax and fees. Below zero when there is more electricity than anybody wants'),
        priceEur: decimal(10, 5).meta({ title: 'Price in euro', unit: 'EUR/kWh' }).describe('The same price as it was set, in euro'),
        exchangeRate: decimal(10, 6).meta({ unit: 'SEK/EUR' }).describe('Kronor for a euro, as used for this price'),
        minutes: z
          .int()
          .meta({ title: 'Length', unit: 'minutes' })
          .describe('How long the price holds: 15, or 60 until the end of September 2025'),
      }),
      transform: (raw: RawPrice, partition) => ({
        start: raw.time_start,
        end: raw.time_end,
        zone: partition.slice(-3) as (typeof ZONES)[number],
        price: raw.SEK_per_kWh,
        priceEur: raw.EUR_per_kWh,
        exchangeRate: raw.EXR,
        minutes: minutesBetween(raw.time_start, raw.time_end),
      }),
    },
  },
})
