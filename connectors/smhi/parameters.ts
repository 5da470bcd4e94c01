/** What SMHI measures, as people call it. */
export interface Parameter {
  /** Its number at SMHI. */
  readonly key: string
  /** Name of the table. */
  readonly table: string
  readonly about: string
}

/** The parameters to choose from: https://opendata.smhi.se/metobs/resources/parameter */
export const PARAMETERS = {
  'air temperature, each hour': { key: '1', table: 'airTemperature', about: 'Temperature of the air 2 m above the ground, at the hour' },
  'air temperature, mean of a day': { key: '2', table: 'airTemperatureDay', about: 'Mean temperature of the air over a day' },
  'air temperature, lowest of a day': { key: '19', table: 'airTemperatureLowest', about: 'Lowest temperature of the air in a day' },
  'air temperature, highest of a day': { key: '20', table: 'airTemperatureHighest', about: 'Highest temperature of the air in a day' },
  'air temperature, mean of a month': { key: '22', table: 'airTemperatureMonth', about: 'Mean temperature of the air over a month' },
  'dew point, each hour': { key: '39', table: 'dewPoint', about: 'Temperature at which dew would form, at the hour' },
  'precipitation, each hour': { key: '7', table: 'precipitation', about: 'Rain and melted snow of an hour' },
  'precipitation, each day': { key: '5', table: 'precipitationDay', about: 'Rain and melted snow of a day, counted at 6 in the morning' },
  'precipitation, each month': { key: '23', table: 'precipitationMonth', about: 'Rain and melted snow of a month' },
  'snow depth, each day': { key: '8', table: 'snowDepth', about: 'Depth of the snow, at 6 in the morning' },
  'wind speed, each hour': { key: '4', table: 'windSpeed', about: 'Mean speed of the wind over ten minutes' },
  'wind direction, each hour': {
    key: '3',
    table: 'windDirection',
    about: 'Where the wind comes from, mean over ten minutes; 360 is north',
  },
  'wind gusts, each hour': { key: '21', table: 'windGust', about: 'Strongest gust of the hour' },
  'air pressure, each hour': { key: '9', table: 'airPressure', about: 'Pressure of the air, as it would be at the level of the sea' },
  'relative humidity, each hour': { key: '6', table: 'humidity', about: 'Humidity of the air, at the hour' },
  'sunshine, each hour': { key: '10', table: 'sunshine', about: 'How long the sun shone in an hour' },
  'sun radiation, each hour': { key: '11', table: 'radiation', about: 'Radiation of sun and sky, mean of an hour' },
  'cloud cover, each hour': { key: '16', table: 'cloudCover', about: 'How much of the sky is covered; 113 where it cannot be seen' },
  'visibility, each hour': { key: '12', table: 'visibility', about: 'How far one can see, at the hour' },
} as const satisfies Readonly<Record<string, Parameter>>

/** Name of a parameter in the settings. */
export type ParameterName = keyof typeof PARAMETERS

const UNITS: Readonly<Record<string, string>> = {
  celsius: '°C',
  'degree celsius': '°C',
  millimeter: 'mm',
  meter: 'm',
  sekund: 's',
  'meter per sekund': 'm/s',
  procent: '%',
  hektopascal: 'hPa',
  grader: '°',
  'watt per kvadratmeter': 'W/m²',
}

/** The unit as it is written behind a number; what is not known stays as SMHI writes it. */
export const unitOf = (written: string | undefined): string | null => (written === undefined ? null : (UNITS[written] ?? written))
