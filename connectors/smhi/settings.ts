import { z } from 'zod'
import { PARAMETERS, type ParameterName } from './parameters.ts'

/** Settings of one source: one parameter at some stations. */
export const settings = z.object({
  parameter: z
    .enum(Object.keys(PARAMETERS) as [ParameterName, ...ParameterName[]])
    .default('air temperature, each hour')
    .meta({ title: 'What is measured' })
    .describe('What is measured, and how often. One source loads one of them'),
  stations: z
    .string()
    .min(1)
    .max(5000)
    .default('Göteborg A')
    .meta({ title: 'Stations' })
    .describe(
      'Where it is measured: names or numbers of stations, with commas between, such as Göteborg A, 98230. * is all that are active',
    ),
  history: z
    .boolean()
    .default(false)
    .meta({ title: 'History' })
    .describe(
      'Also load what was measured before the last four months, at some stations since 1859. That is some hundred thousand rows per station',
    ),
  address: z
    .url()
    .default('https://opendata-download-metobs.smhi.se/api.json')
    .meta({ title: 'Address' })
    .describe('Where the open data of SMHI begin; leave it as it is, unless SMHI moves them'),
})

/** Settings of one source, checked and with defaults. */
export type Settings = z.output<typeof settings>
