// Writes the report out of the answers. Every figure in it comes from them; the words around it do not change the figures.
import { QUESTIONS } from './questions.mjs'

const number = (value, digits = 0) => Number(value).toLocaleString('en', { maximumFractionDigits: digits }).replace('-', '−')
const percent = (part, whole) => `${number((100 * part) / whole)} %`
const sum = (values) => values.reduce((all, each) => all + each, 0)
const mean = (values) => sum(values) / values.length
const of = (answer) => Object.values(Object.values(answer)[0])[0]
const groupsOf = (answer) => of(answer).groups
const counted = (answer) => Number(of(answer).totalCount)
const countOf = (answer, key) => Number(groupsOf(answer).find(({ keys }) => keys[0] === key)?.count ?? 0)
const all = (answer) => sum(groupsOf(answer).map((group) => Number(group.count)))

/** Kilometres between two places of the earth, by the haversine formula. */
function kilometres(a, b) {
  const rad = (degrees) => (degrees * Math.PI) / 180
  const [dLat, dLon] = [rad(b.latitude - a.latitude), rad(b.longitude - a.longitude)]
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(rad(a.latitude)) * Math.cos(rad(b.latitude)) * Math.sin(dLon / 2) ** 2
  return 2 * 6371 * Math.asin(Math.sqrt(h))
}

/** Folds the questions of a finding away below it. */
const asked = (...names) =>
  `<details><summary>Asked</summary>\n\n${names.map((name) => `\`\`\`graphql\n${QUESTIONS[name]}\n\`\`\``).join('\n\n')}\n\n</details>`
const picture = (name, alt) => `![${alt}](../pictures/exploration/${name}.png)`

/** The report as Markdown. */
export function explorationPage(answers) {
  return `# What the data says

Made by \`node scripts/node.mjs scripts/explore.mjs\`, which starts Handover on an empty folder, loads four sources, asks the public GraphQL API, and takes the pictures from the product's own pages. Figures come from the answers (\`answers.json\`); a test writes this page anew from them. A second run gives the same: the people are made from a fixed word, and the files are pinned by their hash.

${users(answers)}

${earthquakes(answers)}

${co2(answers)}

${weather(answers)}

${quality(answers)}

${ideas()}
`
}

function users({ userTrend, decades, cities, places }) {
  const trend = userTrend.dataset.trend.map(({ rows }) => Number(rows))
  const born = groupsOf(decades)
  const first = born[0].keys[0]
  const last = born.at(-1).keys[0]
  const towns = groupsOf(cities).filter(({ keys }) => keys[0] !== null)
  const { totalCount, nodes } = places.crowd.users
  const byCity = Object.groupBy(nodes, ({ city }) => city)
  const spread = Object.values(byCity)
    .filter((people) => people.length > 1)
    .map((people) => {
      const middle = { latitude: mean(people.map((one) => one.latitude)), longitude: mean(people.map((one) => one.longitude)) }
      return Math.max(...people.map((one) => kilometres(one, middle)))
    })
  const rounded = nodes.filter(({ latitude, longitude }) => Number.isInteger(latitude * 100) && Number.isInteger(longitude * 100)).length
  return `## The users

Nobody in this table exists. That is the first finding, and the page says so wherever they are shown.

- **They grow as told**: in the source as it comes, ${trend.join(', ')} after each load. The first brings ten, every later one five, and none comes twice. What follows is told of ${number(totalCount)} made by the same program, so that there is something to count.
- **No age stands out**: births lie between the ${first}s and the ${last}s, and no decade has more than ${percent(Math.max(...born.map((group) => Number(group.count))), all(decades))} of them. Real customers are never spread like this. An even spread is a sign of invented data.
- **The places are too good**: ${number(totalCount)} people live in ${number(towns.length)} cities. Within one city nobody lives more than ${number(Math.max(...spread), 1)} km from the middle of the others. Real addresses reach into suburbs; these are put near the middle on purpose, so that the map means something. In the old program coordinates were drawn at random and had nothing to do with the city.
- **None is rounded**: ${number(rounded)} of ${number(nodes.length)} positions end after two decimals. Real data has many of those, from people who typed them.

${picture('users', 'The users by decade of birth')}

${asked('userTrend', 'decades', 'cities', 'places')}`
}

function earthquakes({
  magnitudes,
  aboveComplete,
  negative,
  depths,
  deep,
  status,
  statusStrong,
  kinds,
  regions,
  strongest,
  strong,
  strongNotFelt,
}) {
  const bins = groupsOf(magnitudes).filter(({ keys }) => keys[0] !== null)
  const total = sum(bins.map((bin) => Number(bin.count)))
  const peak = bins.reduce((best, bin) => (Number(bin.count) > Number(best.count) ? bin : best))
  const [
    {
      count: n,
      values: [meanMag],
    },
  ] = groupsOf(aboveComplete)
  const b = Math.LOG10E / (meanMag - (1.5 - 0.005))
  const holds = Math.abs(b - 1) < 0.2
  const [shallow, middle, deepest] = groupsOf(depths)[0].values
  const top = groupsOf(regions)
  const nodes = strongest.earthquakes.earthquakes.nodes
  const local = top.filter(({ keys }) =>
    ['California', 'Alaska', 'Nevada', 'Hawaii', 'Washington', 'Utah', 'Montana', 'Puerto Rico'].includes(keys[0]),
  )
  return `## The earthquakes

One week of February 2018, ${number(total)} events, real. Data: U.S. Geological Survey, public domain.

- **The list is not the world**: ${percent(sum(local.map((group) => Number(group.count))), total)} of the events lie in ${number(local.length)} places of the United States (${local.map(({ keys, count }) => `${keys[0]} ${number(count)}`).join(', ')}). There are the instruments. Elsewhere only strong ones are heard.
- **Weak ones are missing**: most events have a magnitude from ${number(peak.keys[0], 1)} to below ${number(Number(peak.keys[0]) + 0.5, 1)}, and below that the numbers fall. The earth has more weak ones, not fewer; they are not heard. Whoever counts events must not count below the point from which the list is complete.
- **${holds ? 'Above it, the textbook holds' : 'Above it, the textbook is not met'}**: among ${number(n)} events of magnitude 1.5 and more in California each step of one magnitude makes them ${number(10 ** b, 1)} times rarer (b = ${number(b, 2)}, by Aki's estimate; textbooks say about 10 times, b = 1). ${holds ? 'That speaks for the data.' : 'One week is a small sample; it says no more than that strong ones are a little too common here, or weak ones still missing.'}
- **The strongest** was ${nodes[0].mag}: ${nodes[0].place}, ${number(nodes[0].depth, 1)} km deep. ${number(counted(strong))} reached magnitude 5; of those ${number(counted(strongNotFelt))} have no report that anybody felt them, mostly far out at sea.
- **Depth**: ${number(middle, 1)} km on average, from ${number(shallow, 1)} (above sea level, in a mountain) to ${number(deepest, 1)} km. ${number(counted(deep))} lie below 300 km.
- **Not all shook by themselves**: ${groupsOf(kinds)
    .map(({ keys, count }) => `${number(count)} ${keys[0]}${Number(count) === 1 ? '' : 's'}`)
    .join(', ')}.
- **Machine or person**: ${percent(countOf(status, 'reviewed'), all(status))} were looked at by a person, and ${percent(countOf(statusStrong, 'reviewed'), all(statusStrong))} of those of magnitude 4.5 and more.
- **${number(counted(negative))} have a magnitude below zero**. That is no fault: the scale has no floor, and a magnitude below zero is a very weak one close to an instrument. A rule "magnitude must be positive" would throw good rows away.

${picture('earthquakes', 'Magnitudes of the earthquakes')}

${asked('magnitudes', 'regions', 'aboveComplete', 'strongest', 'strong', 'strongNotFelt', 'depths', 'deep', 'kinds', 'status', 'statusStrong', 'negative')}`
}

function co2({ co2Decades, co2Rows }) {
  const decades = groupsOf(co2Decades)
  const { totalCount, nodes } = co2Rows.co2.co2
  const [first, last] = [nodes[0], nodes.at(-1)]
  const monthOf = ({ Date: day }) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1
  const missing = monthOf(last) - monthOf(first) + 1 - Number(totalCount)
  const byMonth = Array.from({ length: 12 }, (_, month) =>
    mean(nodes.filter((row) => monthOf(row) % 12 === month).map((row) => row.CO2 - row.adjusted_CO2)),
  )
  const names = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']
  const high = byMonth.indexOf(Math.max(...byMonth))
  const low = byMonth.indexOf(Math.min(...byMonth))
  const rate = (from, to) => {
    const rows = nodes.filter(({ Date: day }) => day >= `${from}` && day < `${to}`)
    return ((10 * (rows.at(-1).adjusted_CO2 - rows[0].adjusted_CO2)) / (monthOf(rows.at(-1)) - monthOf(rows[0]))) * 12
  }
  return `## Carbon dioxide in the air

${number(totalCount)} months at Mauna Loa, Hawaii. Data: [Scripps CO2 Program](https://scrippsco2.ucsd.edu/data/atmospheric_co2/primary_mlo_co2_record), [CC BY 4.0](https://creativecommons.org/licenses/by/4.0/).

- **It rises, and ever faster**: from ${number(first.adjusted_CO2, 1)} ppm in ${first.Date.slice(0, 7)} to ${number(last.adjusted_CO2, 1)} in ${last.Date.slice(0, 7)}, seasons taken out. It was ${number(rate(1960, 1970), 1)} ppm more in the 1960s, and ${number(rate(2010, 2020), 1)} more in the 2010s.
- **The earth breathes**: ${names[high]} lies ${number(byMonth[high], 1)} ppm above the year and ${names[low]} ${number(-byMonth[low], 1)} below. In the northern summer plants take it in.
- **Means of decades**: ${decades.map(({ keys, values }) => `${keys[0]}s ${number(values[0], 1)}`).join(', ')} ppm. The first and the last decade are not whole.
- **${number(missing)} months are missing** between the first and the last. A chart that draws a line from month to month hides that; counting the rows shows it.

${picture('co2', 'Carbon dioxide at Mauna Loa since 1958')}

${asked('co2Decades', 'co2Rows')}`
}

function weather({ weather, rainyMonths, extremes }) {
  const kinds = groupsOf(weather)
  const months = groupsOf(rainyMonths)
  const wettest = months.reduce((best, group) => (group.values[0] > best.values[0] ? group : best))
  const driest = months.reduce((best, group) => (group.values[0] < best.values[0] ? group : best))
  const [hot, cold, wet, wind] = groupsOf(extremes)[0].values
  return `## The weather of Seattle

${number(all(weather))} days, 2012 to 2015. Data: NOAA, public domain.

- **The city of rain has more sun than one thinks**: ${kinds.map(({ keys, count }) => `${keys[0]} ${percent(Number(count), all(weather))}`).join(', ')}.
- **The year has two halves**: the wettest month was ${wettest.keys[0]} with ${number(wettest.values[0])} mm, the driest ${driest.keys[0]} with ${number(driest.values[0], 1)} mm.
- **Extremes**: ${number(hot, 1)} °C and ${number(cold, 1)} °C, ${number(wet, 1)} mm in one day, wind of ${number(wind, 1)} m/s.

${picture('seattle', 'The weather of Seattle by kind')}

${asked('weather', 'rainyMonths', 'extremes')}`
}

function quality({ notFelt, noStations, magnitudes, dryRain, wetSun, weather, spoiled }) {
  const quakes = all(magnitudes)
  const { entries, nodes } = spoiled.quarantineReasons
  const rows = Number(spoiled.spoiledRows.find(({ sourceSlug }) => sourceSlug === 'spoiled').rows)
  return `## How good the data are, and what follows

| found | in how many | what follows |
| --- | --- | --- |
| earthquakes that nobody reported to have felt | ${number(counted(notFelt))} of ${number(quakes)} | empty is not zero: a mean of "felt" is one of those that were reported |
| earthquakes without a number of stations | ${number(counted(noStations))} of ${number(quakes)} | networks tell different things; do not compare across them by this column |
| days called "rain" on which nothing was measured | ${number(counted(dryRain))} of ${number(countOf(weather, 'rain'))} | the word and the number come from different places; count rain by the millimetres |
| days called "sun" with rain | ${number(counted(wetSun))} of ${number(countOf(weather, 'sun'))} | ${counted(wetSun) === 0 ? 'none: here word and number agree' : 'the same'} |
| lines that were spoiled on purpose in a copy of the weather | ${number(entries)} set aside, ${number(rows)} rows in the table | they stop nothing, are not lost, and say why |

What was said about the spoiled lines:

${nodes.map(({ column, example, count }) => `- ${number(count)}: ${column ? `\`${column}\`: ` : ''}${example}`).join('\n')}

${asked('notFelt', 'noStations', 'dryRain', 'wetSun', 'spoiled')}`
}

const ideas = () => `## Ideas for the company

| idea | effort | worth | what is missing today |
| --- | --- | --- | --- |
| Electricity price beside our own use: shift what can wait into the cheap hours | 2 days | money, each month | our own meter as a source (\`files\` or \`rest\`) |
| Order volumes beside the weather: does rain bring customers? | 1 day | better staffing plans | a chart over two tables |
| Exchange rates on every invoice in another currency, with the day they are from | 1 day | no more discussions | a join of two tables in the API |
| Population of our delivery areas from Statistics Sweden, each year | half a day | where to open next | nothing: the connector is there |
| Issues and pull requests of our repositories: how long does one wait? | half a day | a fair picture of the work | nothing: the connector is there |
| Waiting times of parks as a model of queues: when is it full? | 1 day | a demonstration that everybody understands | a longer history |
| A weekly e-mail "what changed", from the words that loads already have | 1 day | nobody has to look to know | a schedule for reports |
| Rules of our own: "no order without a customer", with what does not fit set aside | 2 days | faults are found on the day they happen | checks across tables |
| Dashboards that people put together themselves and send to somebody | 1 week | questions are answered without an engineer | stored dashboards |
| Accounts, and masks for what is about a person | 2 weeks | it may leave this machine | [access control](../guides/deploy.md) |`
