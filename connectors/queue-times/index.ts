import { defineConnector, type Context } from '@handover/sdk'
import { z } from 'zod'
import { chosenParks, noSuchParks, parks, rides } from './pages.ts'
import { parkColumns, parkOf, rideColumns, rideOf, waitColumns, waitOf } from './rows.ts'

const config = z.object({
  parks: z
    .string()
    .max(300)
    .regex(/^\s*\d{1,6}(\s*,\s*\d{1,6})*\s*$/, 'Numbers of parks, separated by commas, such as 11, 9.')
    .default('11')
    .meta({ title: 'Parks' })
    .describe(
      'Numbers of the parks, separated by commas. 11 is Liseberg. The number of a park stands in the address of its page on queue-times.com',
    ),
})

type Config = z.output<typeof config>

/** Looks the chosen parks up; one that is not there is named beside the field. */
async function check({ http, config }: Context<Config>): Promise<void> {
  const { missing } = await chosenParks(http, config.parks)
  if (missing.length > 0) throw noSuchParks(missing)
}

export default defineConnector({
  name: 'queue-times',
  title: 'Queue times',
  about: 'How long people wait for the rides of theme parks such as Liseberg, now and from the first load on.',
  provider: {
    name: 'Queue-Times.com',
    url: 'https://queue-times.com',
    licence: 'Free to use with a link',
    licenceUrl: 'https://queue-times.com/pages/api',
    attribution: 'Powered by Queue-Times.com',
  },
  config,
  check,
  streams: {
    parks: { about: 'The chosen parks, asked for once a day.', extract: parks },
    rides: {
      about: 'Each ride of a park whenever the source has looked again, at most every five minutes.',
      parent: 'parks',
      extract: rides,
    },
  },
  datasets: {
    waits: {
      from: 'rides',
      title: 'Waiting times',
      about: 'One row per ride and moment: how long the wait was. The history, which grows with every load.',
      load: 'append',
      columns: waitColumns,
      transform: waitOf,
    },
    rides: {
      from: 'rides',
      title: 'Rides',
      about: 'One row per ride: how long the wait is now.',
      key: ['id'],
      load: 'merge',
      columns: rideColumns,
      transform: rideOf,
    },
    parks: {
      from: 'parks',
      title: 'Parks',
      about: 'One row per park that was chosen.',
      key: ['id'],
      load: 'merge',
      columns: parkColumns,
      transform: parkOf,
    },
  },
})
