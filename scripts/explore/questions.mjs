// What the report asks. Each question goes to the public GraphQL API as it stands here, and stands so in the report.

const groups = (source, dataset, by, more = '') =>
  `{ ${source} { ${dataset}Groups(by: [${by}]${more}) { total groups { keys count values } } } }`
const measures = (source, dataset, list, where = '') =>
  `{ ${source} { ${dataset}Groups(by: []${where}, measures: [${list.map(([fn, column]) => `{ fn: ${fn}, column: ${column} }`).join(', ')}]) { groups { count values } } } }`
const count = (source, dataset, where) => `{ ${source} { ${dataset}(where: ${where}, first: 1) { totalCount } } }`
const KEY = ', orderBy: KEY, direction: ASC, first: 1000'

export const QUESTIONS = {
  userTrend: '{ dataset(source: "users", name: "users") { trend { rows } } }',
  decades: groups('crowd', 'users', '{ column: born, period: DECADE }', KEY),
  cities: groups('crowd', 'users', '{ column: city }', ', first: 1000'),
  places: '{ crowd { users(first: 1000, orderBy: [{ column: city }]) { totalCount nodes { city latitude longitude } } } }',

  magnitudes: groups('earthquakes', 'earthquakes', '{ column: mag, step: 0.5 }', KEY),
  aboveComplete: measures('earthquakes', 'earthquakes', [['AVG', 'mag']], ', where: { mag: { gte: 1.5 }, region: { eq: "California" } }'),
  negative: count('earthquakes', 'earthquakes', '{ mag: { lt: 0 } }'),
  depths: measures('earthquakes', 'earthquakes', [
    ['MIN', 'depth'],
    ['AVG', 'depth'],
    ['MAX', 'depth'],
  ]),
  deep: count('earthquakes', 'earthquakes', '{ depth: { gte: 300 } }'),
  status: groups('earthquakes', 'earthquakes', '{ column: status }'),
  statusStrong: groups('earthquakes', 'earthquakes', '{ column: status }', ', where: { mag: { gte: 4.5 } }'),
  kinds: groups('earthquakes', 'earthquakes', '{ column: type }'),
  regions: groups('earthquakes', 'earthquakes', '{ column: region }', ', first: 5'),
  strongest: '{ earthquakes { earthquakes(orderBy: [{ column: mag, direction: DESC }], first: 3) { nodes { time mag place depth } } } }',
  notFelt: count('earthquakes', 'earthquakes', '{ felt: { isNull: true } }'),
  strongNotFelt: count('earthquakes', 'earthquakes', '{ felt: { isNull: true }, mag: { gte: 5 } }'),
  noStations: count('earthquakes', 'earthquakes', '{ nst: { isNull: true } }'),
  strong: count('earthquakes', 'earthquakes', '{ mag: { gte: 5 } }'),

  co2Decades: groups('co2', 'co2', '{ column: Date, period: DECADE }', `${KEY}, measures: [{ fn: AVG, column: CO2 }]`),
  co2Rows: '{ co2 { co2(first: 1000, orderBy: [{ column: Date }]) { totalCount nodes { Date CO2 adjusted_CO2 } } } }',

  weather: groups('seattle', 'seattle', '{ column: weather }'),
  rainyMonths: groups('seattle', 'seattle', '{ column: date, period: MONTH }', `${KEY}, measures: [{ fn: SUM, column: precipitation }]`),
  extremes: measures('seattle', 'seattle', [
    ['MAX', 'temp_max'],
    ['MIN', 'temp_min'],
    ['MAX', 'precipitation'],
    ['MAX', 'wind'],
  ]),
  dryRain: count('seattle', 'seattle', '{ weather: { eq: "rain" }, precipitation: { eq: 0 } }'),
  wetSun: count('seattle', 'seattle', '{ weather: { eq: "sun" }, precipitation: { gt: 0 } }'),
  spoiled: '{ quarantineReasons(source: "spoiled") { entries nodes { count column example } } spoiledRows: datasets { sourceSlug rows } }',
}
