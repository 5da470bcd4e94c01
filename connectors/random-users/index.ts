import { date, defineConnector, image, type Context, type ExtractContext, type Json, type Page } from '@handover/sdk'
import { z } from 'zod'
import { drawAvatar } from './avatar.ts'
import { onlinePeople } from './online.ts'
import { inventor, type OfflinePerson } from './people.ts'

const PAGE_SIZE = 500

const config = z.object({
  mode: z
    .enum(['offline', 'online'])
    .default('offline')
    .meta({ title: 'Where from' })
    .describe('offline: people are invented on this machine. online: they come from randomuser.me, which invents them too'),
  first: z.int().min(1).max(5000).default(10).meta({ title: 'At first' }).describe('How many people the first load brings'),
  more: z.int().min(0).max(1000).default(5).meta({ title: 'Then' }).describe('How many people each later load adds'),
  seed: z
    .string()
    .min(1)
    .max(60)
    .default('handover')
    .meta({ title: 'Seed' })
    .describe('Any word; the same word always gives the same people'),
})

type Config = z.output<typeof config>

/** People `position` up to `until` are still to come; `people` says of which seed, because another seed starts anew. */
const savedCursor = z.object({ people: z.string(), position: z.int().min(0), until: z.int().min(0) })
type Cursor = z.output<typeof savedCursor>

/** Up to which person this load goes: what a broken load had left, or else a further helping. A cursor that makes no sense starts anew. */
function nextStretch(config: Config, cursor: Json): Cursor {
  const people = `${config.mode}/${config.seed}`
  const last = savedCursor.safeParse(cursor).data
  if (last?.people !== people) return { people, position: 0, until: config.first }
  if (last.position < last.until) return { ...last, until: Math.min(last.until, last.position + Math.max(config.first, config.more)) }
  return { ...last, until: last.position + config.more }
}

async function* extract(context: ExtractContext<Config>): AsyncGenerator<Page> {
  const { people, position, until } = nextStretch(context.config, context.cursor)
  if (position === until) return
  const pages =
    context.config.mode === 'online'
      ? onlinePeople(context.http, context.config.seed, position, until)
      : offlinePeople(context.config.seed, position, until)
  for await (const { records, end, request } of pages) {
    context.log('People received', { people: end - position, of: until - position })
    yield { records, cursor: { people, position: end, until }, request }
  }
}

function* offlinePeople(seed: string, from: number, until: number) {
  const invent = inventor(seed)
  for (let start = from; start < until; start += PAGE_SIZE) {
    const end = Math.min(until, start + PAGE_SIZE)
    const records = Array.from({ length: end - start }, (_, index) => invent(start + index))
    yield { records, end, request: `invented people ${start + 1} to ${end}` }
  }
}

/** Reads one page from the network, or nothing: offline there is nothing that could fail. */
async function check({ config, http }: Context<Config>): Promise<void> {
  if (config.mode === 'offline') return
  for await (const _ of onlinePeople(http, config.seed, 0, 1)) return
}

// The two shapes of a record are those of two public APIs; a part that is missing leaves its column empty or sets the record aside.
interface OnlinePerson {
  readonly login: { readonly uuid: string }
  readonly name: { readonly first: string; readonly last: string }
  readonly dob?: { readonly date?: string }
  readonly location?: {
    readonly city?: string
    readonly country?: string
    readonly coordinates?: { readonly latitude?: string; readonly longitude?: string }
  }
  readonly email?: string
}

const ofOffline = (raw: OfflinePerson) => ({
  id: raw.uid,
  name: `${raw.first_name} ${raw.last_name}`,
  born: raw.date_of_birth,
  city: raw.address?.city,
  country: raw.address?.country,
  latitude: raw.address?.coordinates?.lat,
  longitude: raw.address?.coordinates?.lng,
  email: raw.email,
  avatar: raw.uid,
})

const ofOnline = (raw: OnlinePerson) => ({
  id: raw.login.uuid,
  name: `${raw.name.first} ${raw.name.last}`,
  born: raw.dob?.date?.slice(0, 10),
  city: raw.location?.city,
  country: raw.location?.country,
  // randomuser.me sends coordinates as text.
  latitude: numberOf(raw.location?.coordinates?.latitude),
  longitude: numberOf(raw.location?.coordinates?.longitude),
  email: raw.email,
  avatar: raw.login.uuid,
})

const numberOf = (text: unknown): number | undefined => (typeof text === 'string' && text.trim() !== '' ? Number(text) : undefined)

export default defineConnector({
  name: 'random-users',
  title: 'Random users',
  about: 'Invented people to try things out with: nobody in here exists. They are made up on this machine, or by randomuser.me.',
  invented: true,
  config,
  check,
  streams: {
    people: { about: 'One record per invented person, password, card and social number included; those stay in the raw record.', extract },
  },
  datasets: {
    users: {
      from: 'people',
      title: 'Users',
      about: 'One row per invented person. Nobody in here exists.',
      key: ['id'],
      load: 'merge',
      columns: z.object({
        id: z.string().max(36).meta({ title: 'Id' }).describe('Invented. The number that belongs to one person only'),
        name: z.string().max(120).meta({ role: 'label', personal: true }).describe('Invented. First and last name'),
        born: date().nullish().meta({ title: 'Birth date', personal: true }).describe('Invented. Day of birth'),
        city: z.string().max(100).nullish().describe('Invented. Where the person lives; without network a real city, chosen at random'),
        country: z.string().max(100).nullish().meta({ role: 'category' }).describe('Invented. Country of the city'),
        latitude: z
          .number()
          .min(-90)
          .max(90)
          .nullish()
          .meta({ role: 'latitude', unit: 'degrees' })
          .describe('Invented. Place on the map, north of the equator'),
        longitude: z
          .number()
          .min(-180)
          .max(180)
          .nullish()
          .meta({ role: 'longitude', unit: 'degrees' })
          .describe('Invented. Place on the map, east of Greenwich'),
        email: z
          .string()
          .max(254)
          .nullish()
          .meta({ title: 'E-mail', personal: true })
          .describe('Invented. Address at example.com, which belongs to nobody'),
        avatar: image().meta({ title: 'Picture' }).describe('Invented. A drawing made from the id'),
      }),
      transform: (raw: OfflinePerson | OnlinePerson) => ('login' in raw ? ofOnline(raw) : ofOffline(raw)),
    },
  },
  media: (key) => drawAvatar(key),
})
