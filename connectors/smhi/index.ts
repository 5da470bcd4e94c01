import { defineConnector, type Context, type Discovery, type ExtractContext, type Page } from '@handover/sdk'
import { observationDataset, stationDataset, stationRow, STATIONS } from './datasets.ts'
import { findParameter, JSON_TYPE, linkOf, listOf } from './levels.ts'
import { observationRow, observations } from './observations.ts'
import { settings, type Settings } from './settings.ts'
import { chooseStations } from './stations.ts'

async function discover(context: Context<Settings>): Promise<Discovery> {
  const { config } = context
  const { href, unit, stations } = await findParameter(context)
  const values = observationDataset(config.parameter, unit)
  const partitions = chooseStations(config.stations, stations).map((station) => ({
    key: String(station.id),
    value: { station: station.id, name: station.name, href: linkOf(station, JSON_TYPE) },
  }))
  return {
    streams: [
      { name: STATIONS, about: 'One record per station, active or not.', hint: href },
      { name: values.from, about: 'One record per value, a station at a time.', partitions },
    ],
    datasets: [stationDataset(config.parameter), values],
  }
}

/** All stations of the parameter, whichever are chosen: from their map one sees what there is to choose. */
async function* stationPages({ http, hint }: ExtractContext<Settings>): AsyncGenerator<Page> {
  const href = hint as string
  yield { records: listOf(await http.json(href), 'station'), request: `GET ${href}` }
}

export default defineConnector({
  name: 'smhi',
  title: 'SMHI weather observations',
  about: 'Weather as it was measured in Sweden: temperature, precipitation, wind and more, at some hundred stations, some since 1859.',
  provider: {
    name: 'SMHI',
    url: 'https://www.smhi.se/data',
    licence: 'CC BY 4.0',
    licenceUrl: 'https://creativecommons.org/licenses/by/4.0/',
    attribution: 'Source: SMHI',
  },
  config: settings,
  check: async (context) => chooseStations(context.config.stations, (await findParameter(context)).stations),
  discover,
  extract: (stream, context) => (stream === STATIONS ? stationPages(context) : observations(context)),
  transform: (dataset, record) => (dataset.name === STATIONS ? stationRow(record) : observationRow(record)),
})
