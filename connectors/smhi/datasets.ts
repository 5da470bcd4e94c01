import { describeColumns, instant, type DiscoveredDataset } from '@handover/sdk'
import { z } from 'zod'
import type { Station } from './levels.ts'
import { PARAMETERS, unitOf, type ParameterName } from './parameters.ts'

/** Name of the dataset and the stream of stations. */
export const STATIONS = 'stations'

const stationColumns = z.object({
  id: z.int().meta({ title: 'Number', role: 'identifier' }).describe('Number of the station at SMHI'),
  name: z.string().max(200).meta({ role: 'label' }).describe('Name of the station'),
  state: z.enum(['active', 'closed']).meta({ role: 'category' }).describe('active when it measures today'),
  owner: z.string().max(200).nullish().describe('Whose station it is'),
  network: z.string().max(40).nullish().describe('CORE: run and checked by SMHI. ADDITIONAL: of others, not checked'),
  height: z.number().nullish().meta({ unit: 'm' }).describe('Height above the sea'),
  latitude: z
    .number()
    .min(-90)
    .max(90)
    .nullish()
    .meta({ role: 'latitude', unit: 'degrees' })
    .describe('Place on the map, north of the equator'),
  longitude: z
    .number()
    .min(-180)
    .max(180)
    .nullish()
    .meta({ role: 'longitude', unit: 'degrees' })
    .describe('Place on the map, east of Greenwich'),
  from: instant().nullish().meta({ title: 'First value' }).describe('When it began to measure this'),
  to: instant().nullish().meta({ title: 'Last value' }).describe('When it measured this last'),
})

/** All stations that measure a parameter. */
export const stationDataset = (parameter: ParameterName): DiscoveredDataset => ({
  name: STATIONS,
  title: 'Weather stations',
  about: `One row per station that measures or has measured this: ${parameter}.`,
  from: STATIONS,
  key: ['id'],
  load: 'replace',
  columns: describeColumns(stationColumns),
})

/** Values of a parameter; the unit is what SMHI says it is. */
export function observationDataset(parameter: ParameterName, writtenUnit: string | undefined): DiscoveredDataset {
  const { table, about } = PARAMETERS[parameter]
  const unit = unitOf(writtenUnit)
  const title = parameter.charAt(0).toUpperCase() + parameter.slice(1)
  const columns = z.object({
    station: z.int().meta({ title: 'Station, number', role: 'identifier' }).describe('Number of the station at SMHI'),
    name: z.string().max(200).meta({ title: 'Station', role: 'category' }).describe('Name of the station'),
    time: instant().meta({ role: 'time' }).describe('When it was measured; of a day or month its first moment, in UTC'),
    value: z
      .number()
      .nullable()
      .meta({ title: title.split(',')[0]!, ...(unit !== null && { unit }) })
      .describe(`${about}. Empty where the station gave no value`),
    quality: z.string().max(10).nullish().describe('G: checked and approved. Y: not checked, roughly checked, or put together from others'),
  })
  return {
    name: table,
    title,
    about: `One row per station and ${/day|month|hour/.exec(parameter)?.[0] ?? 'hour'}. ${about}.`,
    from: table,
    key: ['station', 'time'],
    load: 'merge',
    columns: describeColumns(columns),
  }
}

/** A station as SMHI sends it in full. */
interface FullStation extends Station {
  readonly owner?: string
  readonly measuringStations?: string
  readonly height?: number
  readonly latitude?: number
  readonly longitude?: number
  readonly from?: number
  readonly to?: number
}

/** Makes the row of one station. */
export const stationRow = (raw: FullStation): Record<string, unknown> => ({
  id: raw.id,
  name: raw.name,
  state: raw.active ? 'active' : 'closed',
  owner: raw.owner,
  network: raw.measuringStations,
  height: raw.height,
  latitude: raw.latitude,
  longitude: raw.longitude,
  from: raw.from,
  to: raw.to,
})
