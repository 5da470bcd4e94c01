import { date, decimal, defineConnector } from '@handover/sdk'
import { z } from 'zod'
import { checkRates, rates } from './pages.ts'
import { config } from './settings.ts'

/** A rate as the source sends it. */
interface RawRate {
  readonly date: string
  readonly base: string
  readonly quote: string
  readonly rate: number | string
}

export default defineConnector({
  name: 'frankfurter',
  title: 'Exchange rates',
  about:
    'What one currency costs in others, day by day: the reference rates of the European Central Bank or of another central bank, by Frankfurter.',
  provider: {
    name: 'Frankfurter',
    url: 'https://frankfurter.dev',
    licence: 'Free to use; the rates are those of the central banks',
  },
  config,
  check: checkRates,
  streams: {
    rates: { about: 'One record per day and currency, oldest first.', extract: rates },
  },
  datasets: {
    rates: {
      from: 'rates',
      title: 'Rates',
      about: 'One row per day and currency. No rows for weekends and bank holidays, on which no rates are set.',
      key: ['date', 'base', 'quote'],
      load: 'merge',
      columns: z.object({
        date: date().meta({ title: 'Day', role: 'time' }).describe('Day of the rate'),
        quote: z.string().max(10).meta({ title: 'Currency', role: 'category' }).describe('Currency that is paid with'),
        rate: decimal(18, 9).describe('How much of the currency one unit of the base costs'),
        base: z.string().max(10).describe('Currency that is bought, one unit of it'),
      }),
      transform: ({ date, base, quote, rate }: RawRate) => ({ date, base, quote, rate }),
    },
  },
})
