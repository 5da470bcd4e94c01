import { expect } from 'vitest'
import type { Connector } from '../contract.ts'
import type { Fetcher } from '../http-fetch.ts'
import { expectRefusals } from './bad-settings.ts'
import type { ContractTest, RunOptions } from './conformance.ts'
import { expectCalmWithOddCursors } from './odd-cursor-test.ts'
import { expectCalm, outcomeOf, type Outcome } from './outcome.ts'
import { replay, requestKey, type Fixture } from './replay.ts'
import { spoiltRecords, spoiltWhole, type Spoilt } from './spoilt-answers.ts'

/** Answers of one kind that are spoilt, and of all kinds: more of them show nothing new. */
const MOST_OF_A_KIND = 2
const MOST_TRIED = 12

/** What must hold when people, sources and times are not as they should be: a sentence or a set-aside record, never a crash or a silent loss. */
export function hostileTests(connector: Connector, options: RunOptions): ContractTest[] {
  let normal: Promise<Outcome> | undefined
  const normally = () => (normal ??= outcomeOf(connector, options, replay(options.fixtures)))
  const spoil = async (spoilt: (fixture: Fixture, normal: Outcome) => readonly Spoilt[]): Promise<void> => {
    const usual = await normally()
    for (const fixture of asked(options.fixtures, usual))
      for (const each of spoilt(fixture, usual)) await expectNoLoss(connector, options, each, usual)
  }
  return [
    {
      name: 'refuses settings that are missing, of another kind or out of bounds',
      run: async () => expectRefusals(connector, options.config),
    },
    { name: 'takes an odd cursor without a crash and comes to an end', run: () => expectCalmWithOddCursors(connector, options) },
    {
      name: 'sets a record aside, or says so, when a field is missing or of another type',
      run: () => spoil((fixture, { records }) => spoiltRecords(fixture, records)),
    },
    { name: 'says so when an answer is cut off, empty, a web page or something else', run: () => spoil((fixture) => spoiltWhole(fixture)) },
    { name: 'keeps calm when a page comes twice', run: async () => expectCalmWithDoubles(connector, options, await normally()) },
    { name: 'loads the same when the source is busy at first', run: async () => expectSameWhenBusy(connector, options, await normally()) },
  ]
}

/** The fixtures that were asked for, a few from each kind of address. */
function asked(fixtures: readonly Fixture[], normal: Outcome): Fixture[] {
  const kindOf = ({ request }: Fixture) => `${request.method} ${new URL(request.url).pathname.replace(/\d+/g, '0')}`
  return fixtures
    .filter(({ request }) => normal.asked.includes(requestKey(request.method, request.url, request.body)))
    .filter((fixture, index, all) => all.slice(0, index).filter((each) => kindOf(each) === kindOf(fixture)).length < MOST_OF_A_KIND)
    .slice(0, MOST_TRIED)
}

const instead = (fixtures: readonly Fixture[], other: Fixture): Fixture[] => {
  const key = (fixture: Fixture) => requestKey(fixture.request.method, fixture.request.url, fixture.request.body)
  return fixtures.map((fixture) => (key(fixture) === key(other) ? other : fixture))
}

async function expectNoLoss(
  connector: Connector,
  options: RunOptions,
  { fault, fixture, isFair = false }: Spoilt,
  normal: Outcome,
): Promise<void> {
  const outcome = await outcomeOf(connector, options, replay(instead(options.fixtures, fixture)))
  expectCalm(outcome.error, `when ${fault}`)
  if (isFair || outcome.error !== null || isMoreSetAside(outcome, normal)) return
  expect(outcome.recordCount, `records read without a word about the rest when ${fault}`).toBeGreaterThanOrEqual(normal.recordCount)
  expect(outcome.filtered, `records left out without a word when ${fault}`).toBeLessThanOrEqual(normal.filtered)
}

/** Looked at stream by stream: a row of a parent that is set aside takes its children with it, also those that are set aside themselves. */
const isMoreSetAside = (outcome: Outcome, normal: Outcome): boolean =>
  [...outcome.setAside].some(([stream, count]) => count > (normal.setAside.get(stream) ?? 0))

async function expectCalmWithDoubles(connector: Connector, options: RunOptions, normal: Outcome): Promise<void> {
  const fixtures = asked(options.fixtures, normal)
  for (const [index, fixture] of fixtures.entries()) {
    const before = fixtures[index - 1]
    if (before === undefined) continue
    const double = { ...fixture, response: before.response }
    const { error } = await outcomeOf(connector, options, replay(instead(options.fixtures, double)))
    expectCalm(error, `when ${before.request.url} and ${fixture.request.url} are answered alike`)
  }
}

async function expectSameWhenBusy(connector: Connector, options: RunOptions, normal: Outcome): Promise<void> {
  if (normal.asked.length === 0) return
  for (const status of [429, 503]) {
    const { error, tables } = await outcomeOf(connector, options, busyAtFirst(replay(options.fixtures), status))
    expect(error, `error when each request is answered ${status} at first`).toBeNull()
    expect(tables, `tables when each request is answered ${status} at first`).toEqual(normal.tables)
  }
}

function busyAtFirst(fetcher: Fetcher, status: number): Fetcher {
  const seen = new Set<string>()
  return {
    ...fetcher,
    fetch: async (request) => {
      const key = requestKey(request.method, request.url.href, request.body)
      if (seen.has(key)) return fetcher.fetch(request)
      seen.add(key)
      return { status, headers: { 'retry-after': '1' }, body: (async function* () {})() }
    },
  }
}
