const WEEKS: readonly (readonly string[])[] = [
  ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'],
  ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
  ['måndag', 'tisdag', 'onsdag', 'torsdag', 'fredag', 'lördag', 'söndag'],
  ['mån', 'tis', 'ons', 'tor', 'fre', 'lör', 'sön'],
]
/** Usual spellings beside those above. */
const ALSO: Readonly<Record<string, string>> = { tues: 'tue', weds: 'wed', thur: 'thu', thurs: 'thu', tors: 'tor' }

/** Values of a column in the order of the week when each of them names a weekday, in English or Swedish; null for all others. */
export function inWeekOrder<Share extends { label: string }>(shares: readonly Share[]): Share[] | null {
  const names = shares.map(({ label }) => {
    const name = label.trim().toLowerCase().replace(/\.$/, '')
    return ALSO[name] ?? name
  })
  const week = WEEKS.find((days) => names.every((name) => days.includes(name)))
  if (week === undefined) return null
  return shares
    .map((share, index) => ({ share, day: week.indexOf(names[index]!) }))
    .toSorted((a, b) => a.day - b.day)
    .map(({ share }) => share)
}
