import { date, decimal, defineConnector, image, instant, type Page } from '@handover/sdk'
import { z } from 'zod'

const START = Date.UTC(2026, 5, 1, 8)
const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000]
const RIDES = ['Balder', 'Helix', 'Lisebergbanan', 'Valkyria', 'Luna', 'FlumeRide', 'Kållerado', 'AtmosFear', 'Loke', 'Turbo', 'Mechanica']
const ZONES = ['SE1', 'SE2', 'SE3', 'SE4']

const many = <One>(count: number, make: (index: number) => One): One[] => Array.from({ length: count }, (_, index) => make(index))
const at = (milliseconds: number): string => new Date(START + milliseconds).toISOString()
const waitOf = (ride: number, look: number): number => Math.round((5 * (ride + 1) * (1 + Math.sin(look / 6 + ride))) / 2)
const priceOf = (zone: number, hour: number): string => (0.2 + zone * 0.15 + 0.12 * Math.sin((hour / 24) * 2 * Math.PI)).toFixed(5)

/** A stream whose records are known beforehand; all in one page. */
const list = (about: string, records: () => unknown[]) => ({
  about,
  async *extract(): AsyncGenerator<Page> {
    yield { records: records() }
  },
})
/** The records are rows already; what they hold is checked against the columns. */
const same = (raw: any) => raw
const square = (key: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><rect width="8" height="8" fill="hsl(${Number(key) * 47} 45% 55%)"/></svg>`

/** Invented datasets, one of every form that a first dashboard has to make something of. */
export default defineConnector({
  name: 'sampler',
  title: 'Sampler',
  about: 'Datasets of every form, for tests of the dashboard.',
  invented: true,
  provider: {
    name: 'Sampler Ltd',
    url: 'https://sampler.example/data',
    licence: 'CC BY 4.0',
    licenceUrl: 'https://sampler.example/licence',
    attribution: 'Powered by Sampler',
  },
  config: z.object({}),
  media: async (key) => ({ bytes: new TextEncoder().encode(square(key)), type: 'image/svg+xml' }),
  streams: {
    waits: list('Each look at each ride.', () =>
      many(40, (look) =>
        RIDES.map((ride, index) => ({ ride, wait: waitOf(index, look), open: index !== 5, at: at(look * 5 * MINUTE) })),
      ).flat(),
    ),
    first: list('One look at each ride.', () => RIDES.map((ride, index) => ({ ride, wait: waitOf(index, 3), at: at(0) }))),
    prices: list('Each hour of each zone.', () =>
      many(24 * 9, (hour) => ZONES.map((zone, index) => ({ zone, start: at(hour * HOUR), price: priceOf(index, hour) }))).flat(),
    ),
    rates: list('Each day.', () => many(60, (day) => ({ day: at(day * DAY).slice(0, 10), rate: 11.2 + Math.sin(day / 8) * 0.3 }))),
    words: list('Each word.', () => many(40, (word) => ({ word: `Word ${word}`, meaning: `What word ${word} means, in other words.` }))),
    readings: list('Each reading.', () =>
      many(200, (id) => ({ id, weight: 60 + (id % 40), height: 150 + ((id * 7) % 50), age: 18 + ((id * 3) % 60) })),
    ),
    parts: list('Each part.', () =>
      many(9_000, (id) => ({
        id,
        maker: id % 3 === 0 ? 'Northern Works' : `Maker ${(id * id) % 4001}`,
        price: ((id % 97) + 0.5).toFixed(2),
      })),
    ),
    shows: list('Each show.', () =>
      many(30, (id) => ({ id, title: `Show ${id}`, poster: String(id), minutes: 20 + (id % 5) * 10, channel: `Channel ${id % 3}` })),
    ),
  },
  datasets: {
    waits: {
      from: 'waits',
      title: 'Waiting times',
      about: 'One row per look at a ride.',
      load: 'append',
      columns: z.object({
        ride: z.string().max(60).meta({ role: 'label' }).describe('Name of the ride'),
        wait: z.int().meta({ unit: 'minutes', title: 'Wait' }).describe('How long one waits'),
        open: z.boolean().describe('Whether it runs'),
        at: instant().meta({ role: 'time', title: 'Seen' }).describe('When it was looked at'),
      }),
      transform: same,
    },
    first: {
      from: 'first',
      title: 'First look',
      about: 'One row per ride, after the first load.',
      load: 'append',
      columns: z.object({
        ride: z.string().max(60).meta({ role: 'label' }).describe('Name of the ride'),
        wait: z.int().meta({ unit: 'minutes', title: 'Wait' }).describe('How long one waits'),
        at: instant().meta({ role: 'time', title: 'Seen' }).describe('When it was looked at'),
      }),
      transform: same,
    },
    prices: {
      from: 'prices',
      about: 'One row per zone and hour.',
      key: ['zone', 'start'],
      load: 'merge',
      columns: z.object({
        zone: z.string().max(3).meta({ role: 'category' }).describe('Price zone'),
        start: instant().meta({ role: 'time' }).describe('Begin of the hour'),
        price: decimal(8, 5).meta({ unit: 'SEK/kWh' }).describe('Price without VAT'),
      }),
      transform: same,
    },
    rates: {
      from: 'rates',
      title: 'Exchange rate',
      about: 'One row per day.',
      key: ['day'],
      load: 'merge',
      columns: z.object({
        day: date().meta({ role: 'time' }).describe('Day'),
        rate: z.number().meta({ unit: 'SEK' }).describe('Price of one euro'),
      }),
      transform: same,
    },
    words: {
      from: 'words',
      about: 'One row per word.',
      key: ['word'],
      load: 'replace',
      columns: z.object({
        word: z.string().max(60).describe('A word'),
        meaning: z.string().describe('What it means'),
      }),
      transform: same,
    },
    readings: {
      from: 'readings',
      about: 'One row per person measured.',
      key: ['id'],
      load: 'replace',
      columns: z.object({
        id: z.int().describe('Number'),
        weight: z.number().meta({ unit: 'kg' }).describe('Weight'),
        height: z.int().meta({ unit: 'cm' }).describe('Height'),
        age: z.int().meta({ unit: 'years' }).describe('Age'),
      }),
      transform: same,
    },
    parts: {
      from: 'parts',
      about: 'One row per spare part.',
      key: ['id'],
      load: 'merge',
      columns: z.object({
        id: z.int().describe('Number'),
        maker: z.string().max(60).meta({ role: 'category' }).describe('Who makes it'),
        price: decimal(8, 2).meta({ unit: 'SEK' }).describe('Price'),
      }),
      transform: same,
    },
    shows: {
      from: 'shows',
      about: 'One row per show.',
      key: ['id'],
      load: 'merge',
      columns: z.object({
        id: z.int().describe('Number'),
        title: z.string().max(80).meta({ role: 'label' }).describe('What it is called'),
        poster: image().meta({ role: 'image' }).describe('Its poster'),
        minutes: z.int().meta({ unit: 'minutes', title: 'Length' }).describe('How long it takes'),
        channel: z.string().max(40).meta({ role: 'category' }).describe('Where it is shown'),
      }),
      transform: same,
    },
  },
})
