import { deleted, defineConnector, instant, RecordError, type Context } from '@handover/sdk'
import { z } from 'zod'
import { countOf, events } from './pages.ts'
import { config, type Config } from './settings.ts'

/** Counts what the settings ask for, which the source does without looking anything up. */
async function check({ http, config, now }: Context<Config>): Promise<void> {
  await countOf(http, config, { from: Date.parse(config.since), until: now().getTime() }, null)
}

/** An event as the source sends it: GeoJSON, times in milliseconds since 1970. */
interface Event {
  readonly id: string
  readonly geometry: { readonly coordinates: readonly [longitude: number, latitude: number, depth: number | null] } | null
  readonly properties: {
    readonly mag: number | null
    readonly magType: string | null
    readonly place: string | null
    readonly time: number
    readonly updated: number
    readonly url: string | null
    readonly felt: number | null
    readonly alert: string | null
    readonly status: string
    readonly tsunami: number
    readonly sig: number
    /** All names that the event has had, such as `,ci37868143,us2000abcd,`. */
    readonly ids?: string | null
    readonly type: string
  }
}

/** `4km W of Castaic, CA` lies in `CA`, `South of the Fiji Islands` in itself. */
const regionOf = (place: string | null): string | undefined => place?.split(', ').at(-1)

/** Names under which an earlier load may have written the event: networks agree on one name only after a while. */
const otherNames = ({ id, properties }: Event): string[] => (properties.ids ?? '').split(',').filter((name) => name !== '' && name !== id)

function rowOf({ id, geometry, properties: event }: Event) {
  const [longitude, latitude, depth] = geometry?.coordinates ?? []
  return {
    id,
    time: event.time,
    place: event.place,
    region: regionOf(event.place),
    magnitude: event.mag,
    magnitudeType: event.magType,
    latitude,
    longitude,
    depth,
    type: event.type,
    status: event.status,
    felt: event.felt,
    alert: event.alert,
    tsunami: event.tsunami === 1,
    significance: event.sig,
    updated: event.updated,
    page: event.url,
  }
}

export default defineConnector({
  name: 'usgs',
  title: 'Earthquakes',
  about:
    'Earthquakes of the whole world, some minutes after they happened and as they are corrected later, from the United States Geological Survey.',
  provider: {
    name: 'U.S. Geological Survey',
    url: 'https://earthquake.usgs.gov/fdsnws/event/1/',
    licence: 'Public domain',
    licenceUrl: 'https://www.usgs.gov/information-policies-and-instructions/copyrights-and-credits',
    attribution: 'Credit: U.S. Geological Survey',
  },
  config,
  check,
  streams: {
    events: { about: 'Events that are new, were corrected or were taken back, oldest first.', extract: events },
  },
  datasets: {
    earthquakes: {
      from: 'events',
      title: 'Earthquakes',
      about: 'One row per event: where, when and how strong. What turns out to have been none is removed.',
      key: ['id'],
      load: 'merge',
      columns: z.object({
        time: instant().meta({ role: 'time' }).describe('When it began'),
        place: z.string().max(500).nullish().meta({ role: 'label' }).describe('Where, in words'),
        magnitude: z.number().nullish().describe('How strong it was. Each whole step is about 32 times the energy'),
        region: z.string().max(300).nullish().meta({ role: 'category' }).describe('Country, state or sea: the last part of the place'),
        latitude: z
          .number()
          .min(-90)
          .max(90)
          .nullish()
          .meta({ role: 'latitude', unit: 'degrees' })
          .describe('Where it began, north of the equator'),
        longitude: z
          .number()
          .min(-180)
          .max(180)
          .nullish()
          .meta({ role: 'longitude', unit: 'degrees' })
          .describe('Where it began, east of Greenwich'),
        depth: z
          .number()
          .nullish()
          .meta({ unit: 'km' })
          .describe('How far below the surface it began; a negative depth lies above sea level'),
        type: z.string().max(60).describe('What it was: mostly earthquake, sometimes quarry blast, ice quake or explosion'),
        status: z.string().max(30).describe('automatic: found by a computer. reviewed: looked at by a person'),
        felt: z.int().nullish().meta({ unit: 'reports' }).describe('How many people reported that they felt it'),
        alert: z.string().max(20).nullish().describe('How much harm is expected: green, yellow, orange or red. Empty for most'),
        tsunami: z
          .boolean()
          .describe(
            'Whether it was large and at sea, so that it is worth asking for a tsunami warning. It does not say that there was a wave',
          ),
        significance: z.int().nullish().describe('How remarkable it was, 0 to 1000 and more, from magnitude, reports and expected harm'),
        magnitudeType: z.string().max(20).nullish().describe('How the magnitude was worked out, such as ml or mww'),
        updated: instant().describe('When the source last changed this event'),
        page: z.url().max(300).nullish().meta({ role: 'url' }).describe('Page of the event at USGS'),
        id: z.string().max(60).meta({ title: 'Id', role: 'identifier' }).describe('Name of the event at USGS'),
      }),
      transform: (raw: Event) => {
        // Without its own name every other name would be taken for an old one.
        if (typeof raw.id !== 'string') throw new RecordError('The event has no id.')
        if (raw.properties.status === 'deleted') return deleted({ id: raw.id })
        return [...otherNames(raw).map((id) => deleted({ id })), rowOf(raw)]
      },
    },
  },
})
