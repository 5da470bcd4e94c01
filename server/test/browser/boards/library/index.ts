import { date, defineConnector, type Page } from '@handover/sdk'
import { z } from 'zod'

const WEEK = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
const DAY = 86_400_000

const many = <One>(count: number, make: (index: number) => One): One[] => Array.from({ length: count }, (_, index) => make(index))
const day = (index: number): string => new Date(Date.UTC(2026, 5, 1) + index * DAY).toISOString().slice(0, 10)

/** A stream whose records are known beforehand; all in one page. */
const list = (about: string, records: () => unknown[]) => ({
  about,
  async *extract(): AsyncGenerator<Page> {
    yield { records: records() }
  },
})
/** The records are rows already; what they hold is checked against the columns. */
const same = (raw: any) => raw

/** An invented library, full of numbers that name things, and of nothing that says so but their names. */
export default defineConnector({
  name: 'library',
  title: 'Library',
  about: 'Branches, loans and opening hours, for tests of the dashboard.',
  invented: true,
  config: z.object({}),
  streams: {
    branches: list('Each branch.', () =>
      many(120, (index) => ({ number: 50_001 + index, name: `Branch ${index}`, seats: 20 + ((index * 37) % 190), stops: index % 9 })),
    ),
    loans: list('Each loan.', () =>
      many(400, (id) => ({ id, branch: 50_001 + (id % 120), cardNo: 902_000 + (id % 90), day: day((id * id) % 20), days: (id * 7) % 28 })),
    ),
    // Some weekdays come more often than others, and most rows say nothing of when they begin to hold.
    hours: list('Each time a branch opens.', () =>
      many(200, (id) => ({
        id,
        branch: 50_001 + (id % 60),
        weekday: WEEK[(id * 5 + (id % 3)) % 7],
        validFrom: id % 9 === 0 ? day(0) : null,
      })),
    ),
  },
  datasets: {
    branches: {
      from: 'branches',
      about: 'One row per branch.',
      key: ['number'],
      load: 'replace',
      columns: z.object({
        number: z.int().describe('Number of the branch'),
        name: z.string().max(60).meta({ role: 'label' }).describe('What it is called'),
        seats: z.int().meta({ unit: 'seats' }).describe('How many can sit there'),
        stops: z.int().meta({ title: 'Bus stops' }).describe('How many buses stop there'),
      }),
      transform: same,
    },
    loans: {
      from: 'loans',
      about: 'One row per loan.',
      key: ['id'],
      load: 'merge',
      columns: z.object({
        id: z.int().describe('Number of the loan'),
        branch: z.int().describe('Number of the branch'),
        cardNo: z.int().meta({ personal: true }).describe('Number of the card'),
        day: date().meta({ role: 'time' }).describe('When it was lent'),
        days: z.int().meta({ title: 'Time', unit: 'days' }).describe('For how long'),
      }),
      transform: same,
    },
    hours: {
      from: 'hours',
      title: 'Opening hours',
      about: 'One row per branch and time that it opens.',
      key: ['id'],
      load: 'replace',
      columns: z.object({
        id: z.int().describe('Number'),
        branch: z.int().describe('Number of the branch'),
        weekday: z.string().max(20).meta({ role: 'category' }).describe('Day of the week'),
        validFrom: date().nullish().describe('From when on it holds. Empty for most'),
      }),
      transform: same,
    },
  },
})
