import { instant } from '@handover/sdk'
import { z } from 'zod'

/** A park as the source sends it, and the name of its company. Coordinates come as text. */
export interface RawPark {
  readonly id: number
  readonly name: string
  readonly company: string
  readonly country?: string | null
  readonly continent?: string | null
  readonly latitude?: string | null
  readonly longitude?: string | null
  readonly timezone?: string | null
}

/** A ride as the source sends it, and the name of its land where it stands in one. */
export interface RawRide {
  readonly id: number
  readonly name: string
  readonly is_open: boolean
  readonly wait_time: number
  readonly last_updated: string
  readonly land?: string
}

const page = (park: number | string, about: string) => `https://queue-times.com/parks/${park}/${about}`

/** Columns of `parks`. */
export const parkColumns = z.object({
  id: z.int().meta({ title: 'Number', role: 'identifier' }).describe('Number of the park at Queue-Times.com'),
  name: z.string().max(200).meta({ title: 'Park', role: 'label' }).describe('Name of the park'),
  company: z.string().max(200).nullish().describe('Who runs the park'),
  country: z.string().max(100).nullish().meta({ role: 'category' }).describe('Country the park lies in'),
  continent: z.string().max(50).nullish().describe('Continent the park lies on'),
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
  timezone: z.string().max(60).nullish().meta({ title: 'Time zone' }).describe('Time zone of the park, such as Europe/Stockholm'),
  page: z.url().max(200).meta({ role: 'url' }).describe('Page of the park at Queue-Times.com'),
})

/** A park becomes one row. */
export const parkOf = (raw: RawPark) => ({
  id: raw.id,
  name: raw.name,
  company: raw.company,
  country: raw.country,
  continent: raw.continent,
  latitude: degreesOf(raw.latitude),
  longitude: degreesOf(raw.longitude),
  timezone: raw.timezone,
  page: page(raw.id, 'queue_times'),
})

/** A text that is no number is passed on, so that the row is set aside and says why. */
function degreesOf(text: string | null | undefined): number | null {
  if (text === null || text === undefined || text.trim() === '') return null
  return Number(text)
}

const place = {
  land: z
    .string()
    .max(200)
    .nullish()
    .meta({ role: 'category' })
    .describe('Part of the park that the ride stands in, where the park has named parts'),
  park: z.int().meta({ title: 'Number of the park', role: 'identifier' }).describe('Number of the park, as in the table of parks'),
}
const state = {
  open: z.boolean().describe('Whether the ride was running'),
  wait: z.int().nullish().meta({ unit: 'minutes' }).describe('How long the queue was said to take. Empty while the ride is closed'),
}

/** Columns of `rides`. */
export const rideColumns = z.object({
  id: z.int().meta({ title: 'Number', role: 'identifier' }).describe('Number of the ride at Queue-Times.com'),
  name: z.string().max(200).meta({ title: 'Ride', role: 'label' }).describe('Name of the ride'),
  ...place,
  ...state,
  updated: instant().meta({ title: 'As of' }).describe('When the source last looked'),
  page: z.url().max(200).meta({ role: 'url' }).describe('Page of the ride at Queue-Times.com'),
})

/** Columns of `waits`. */
export const waitColumns = z.object({
  at: instant().meta({ title: 'Time', role: 'time' }).describe('When the source looked'),
  ride: z.string().max(200).meta({ role: 'label' }).describe('Name of the ride'),
  ...place,
  ...state,
  rideId: z.int().meta({ title: 'Number of the ride', role: 'identifier' }).describe('Number of the ride, as in the table of rides'),
})

const stateOf = (raw: RawRide, park: string) => ({
  land: raw.land,
  park: Number(park),
  open: raw.is_open,
  // The source says 0 minutes for a ride that does not run, which would make every mean too small.
  wait: raw.is_open === false ? null : raw.wait_time,
})

/** A ride as it is now; the park is the partition that it came in. */
export const rideOf = (raw: RawRide, park: string) => ({
  id: raw.id,
  name: raw.name,
  ...stateOf(raw, park),
  updated: raw.last_updated,
  page: page(park, `rides/${raw.id}`),
})

/** A ride as it was at one moment; the park is the partition that it came in. */
export const waitOf = (raw: RawRide, park: string) => ({ at: raw.last_updated, ride: raw.name, ...stateOf(raw, park), rideId: raw.id })
