import { defineConnector, deleted, instant } from '@handover/sdk'
import { z } from 'zod'

/** The tests start the product once with the rule as it was, and once as it is after somebody has mended it. */
const mended = process.env['PARCELS_MENDED'] === 'yes'
const START = Date.UTC(2026, 0, 1)
const PARCELS = 300

/** Weight of a parcel as the shop writes it: some with a comma, one with a word. */
function weightOf(number: number): string {
  if (number === 250) return 'heavy'
  const weight = ((number * 7) % 90) / 4 + 1
  return number % 50 === 7 ? weight.toFixed(2).replace('.', ',') : weight.toFixed(2)
}

/** The number in a text; any other text stays what it is, for the rule of the column to refuse. */
const numberIn = (text: string): number => (Number.isNaN(Number(text)) ? (text as unknown as number) : Number(text))

/** Parcels of an invented shop, a few of which do not fit until the rule is mended. */
export default defineConnector({
  name: 'parcels',
  title: 'Parcels',
  about: 'Invented parcels for tests of the dashboard.',
  invented: true,
  config: z.object({}),
  streams: {
    parcels: {
      about: 'One record per change of a parcel, oldest first.',
      async *extract({ cursor }) {
        if (cursor !== null) return
        const records = Array.from({ length: PARCELS }, (_, number) => ({
          parcel_id: number,
          weight_in_kg: weightOf(number),
          town: `Town ${number % 12}`,
          sent: START + number * 3_600_000,
        }))
        const lost = [
          { parcel_id: 57, lost: true },
          { parcel_id: 4, town: '<b>Åre & "co"</b>' },
        ]
        yield { records: [...records, ...lost], cursor: 1 }
      },
    },
  },
  datasets: {
    parcels: {
      from: 'parcels',
      about: 'One row per parcel.',
      key: ['parcelId'],
      load: 'merge',
      columns: z.object({
        parcelId: z.int().meta({ title: 'Parcel' }).describe('Number of the parcel'),
        weightInKg: z.number().meta({ unit: 'kg', title: 'Weight' }).describe('Weight with its wrapping'),
        town: z.string().max(60).meta({ role: 'label', title: 'Town' }).describe('Where it goes'),
        sent: instant().meta({ role: 'time', title: 'Sent' }).describe('When it was handed over'),
      }),
      transform: (raw: { parcel_id: number; weight_in_kg?: string; town: string; sent?: number; lost?: boolean }) => {
        if (raw.lost) return deleted({ parcelId: raw.parcel_id })
        if (raw.sent === undefined) throw new Error('it says no time')
        const weight = mended ? raw.weight_in_kg!.replace(',', '.') : raw.weight_in_kg!
        return {
          parcelId: raw.parcel_id,
          weightInKg: numberIn(weight),
          town: raw.town,
          sent: raw.sent,
        }
      },
    },
  },
})
