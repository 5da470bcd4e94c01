// The files that the report looks at besides what comes with Handover: public data, fetched once from the package registry.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../tools.mjs'

const PACKAGE = 'vega-datasets@3.2.1'
const cache = join(root, '.cache/explore')

/** Folder below the files folder, its file with the hash that it must have, and what its columns mean. */
const FOLDERS = {
  co2: {
    file: 'co2-concentration.csv',
    sha256: 'c1a4a970864145940a28225cae288618b156cb32f9a2a1b6606ba7124134febb',
    columns: {
      _dataset: {
        title: 'Carbon dioxide',
        about: 'Carbon dioxide in the air at Mauna Loa, Hawaii, month by month since 1958.',
        key: ['Date'],
        provider: {
          name: 'Scripps CO2 Program',
          url: 'https://scrippsco2.ucsd.edu/data/atmospheric_co2/primary_mlo_co2_record',
          licence: 'CC BY 4.0',
          licenceUrl: 'https://creativecommons.org/licenses/by/4.0/',
        },
      },
      Date: { title: 'Month', about: 'The first day of the month.', role: 'time' },
      CO2: { title: 'CO2', about: 'Millionths of all molecules of dry air, as measured.', unit: 'ppm' },
      'adjusted CO2': { title: 'CO2 without seasons', about: 'The same with the breathing of the seasons taken out.', unit: 'ppm' },
    },
  },
  seattle: {
    file: 'seattle-weather.csv',
    sha256: '0845078a290b48e3149ab8639966824110a251db4e06fc144c06ebb534af23be',
    columns: {
      _dataset: {
        title: 'Weather in Seattle',
        about: 'One row for each day of 2012 to 2015.',
        key: ['date'],
        provider: { name: 'NOAA', url: 'https://www.ncei.noaa.gov', licence: 'public domain' },
      },
      date: { about: 'The day.', role: 'time' },
      precipitation: { about: 'Rain and melted snow.', unit: 'mm' },
      temp_max: { title: 'Highest temperature', about: 'Of the day.', unit: '°C' },
      temp_min: { title: 'Lowest temperature', about: 'Of the day.', unit: '°C' },
      wind: { about: 'Mean speed of the wind.', unit: 'm/s' },
      weather: { about: 'The weather in one word.', role: 'category' },
    },
  },
}

/** Puts the files into the files folder of a product; and a copy of one of them with four lines spoiled, to see what becomes of them. */
export function putFiles(filesFolder) {
  for (const [folder, { file, sha256, columns }] of Object.entries(FOLDERS)) {
    const text = fetched(file, sha256)
    mkdirSync(join(filesFolder, folder), { recursive: true })
    writeFileSync(join(filesFolder, folder, file), text)
    writeFileSync(join(filesFolder, folder, '_columns.json'), JSON.stringify(columns))
  }
  const lines = fetched(FOLDERS.seattle.file, FOLDERS.seattle.sha256).split('\n')
  lines[2000 % lines.length] = '2012-07-04,wet,20,12,3,rain'
  lines[700] = '2013-11-31,0.0,9,4,2,sun'
  lines[800] = lines[800].split(',').slice(0, 3).join(',')
  lines[900] = `${lines[900]},and one more`
  mkdirSync(join(filesFolder, 'spoiled'), { recursive: true })
  writeFileSync(join(filesFolder, 'spoiled', FOLDERS.seattle.file), lines.join('\n'))
  const { _dataset, ...rest } = FOLDERS.seattle.columns
  // Without a word on their kinds, one text among the first lines would make a column of texts.
  const typed = { date: { ...rest.date, type: 'date' }, precipitation: { ...rest.precipitation, type: 'double' } }
  writeFileSync(
    join(filesFolder, 'spoiled', '_columns.json'),
    JSON.stringify({ ...rest, ...typed, _dataset: { ..._dataset, title: 'Spoiled weather' } }),
  )
}

function fetched(file, sha256) {
  const path = join(cache, 'package/data', file)
  if (!existsSync(path)) {
    mkdirSync(cache, { recursive: true })
    const archive = execFileSync('npm', ['pack', PACKAGE, '--pack-destination', cache], { encoding: 'utf8' }).trim().split('\n').at(-1)
    execFileSync('tar', ['xzf', join(cache, archive), '-C', cache, ...Object.values(FOLDERS).map((each) => `package/data/${each.file}`)])
    rmSync(join(cache, archive))
  }
  const text = readFileSync(path, 'utf8')
  if (createHash('sha256').update(text).digest('hex') !== sha256) throw new Error(`${file} is not the file that the report was written on.`)
  return text
}
