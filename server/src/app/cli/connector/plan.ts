import { PagingWatch } from '@handover/sdk/host'
import { contextOpener } from '../../open-context.ts'
import { readSettings } from '../../config.ts'
import { CliError, type Call } from '../call.ts'
import { answerTo } from './answer-to.ts'
import { failureOf } from './failure.ts'
import { findList } from './find-list.ts'
import { firstFixtures } from './first-fixtures.ts'
import { madeUpSecret } from './given-settings.ts'
import { columnName, guessColumns, isPersonalPath, keyFault, usualKey } from './guess-columns.ts'
import { findPaging, ONE_PAGE, type FirstAnswer, type Paging } from './guess-paging.ts'
import { madeUp } from './made-up.ts'
import { querySecrets, withoutQuerySecrets } from './query-secrets.ts'
import type { Blueprint } from './scaffold.ts'

const NOT_YET = 'not yet'
/** Reserved for examples, so nobody is asked by a connector that was not finished. */
const EXAMPLE_URL = 'https://example.com/records.json'
const RECORDS_KEPT = 3

/** Asks for what is not given, looks at the source when there is one, and says what to make. */
export async function plan(call: Call, name: string, title: string): Promise<Blueprint> {
  const url = await answerTo(call, 'url', 'Which address has the data, as a JSON list? "not yet" goes on without one.', NOT_YET)
  return url === NOT_YET ? unplanned(call, name, title) : planned(call, name, title, checkedUrl(url))
}

async function planned(call: Call, name: string, title: string, url: string): Promise<Blueprint> {
  const { first, paging, unread } = await look(call, url)
  const { records, at } = first.list
  const usual = usualKey(records) ?? ''
  const fields = Object.keys(records[0]!).slice(0, 12).join(', ')
  const key = await answerTo(call, 'key', `Which field tells one record from another? The first record has: ${fields}.`, usual)
  const fault =
    key === ''
      ? 'No field tells the records apart, and a row must be found again. A connector of your own can join fields.'
      : keyFault(records, key)
  if (fault !== null) throw new CliError(`${fault} Nothing was written.`, 1)
  const kept = records.slice(0, RECORDS_KEPT).map((record) => withoutPersons(record))
  const secrets = secretSettings(url)
  return {
    ...{ name, title, at, paging, unread, secrets, url: withoutQuerySecrets(url), columns: guessColumns(records, key) },
    origin: `recorded ${call.clock.now().toISOString().slice(0, 10)}, its first ${kept.length === 1 ? 'record' : `${kept.length} records`}`,
    fixtures: firstFixtures(first, paging, kept, secrets),
  }
}

/** A setting for each secret in the query; an address is kept in code and in fixtures, where a secret must not be. */
function secretSettings(url: string): { setting: string; param: string; value: string; madeUp: string }[] {
  const settings = new Set(['url'])
  return [...querySecrets(url)].map(([param, value], place) => {
    const name = columnName(param) ?? 'secret'
    const setting = settings.has(name) ? `${name}${place + 1}` : name
    settings.add(setting)
    return { setting, param, value, madeUp: madeUpSecret(setting) }
  })
}

async function unplanned(call: Call, name: string, title: string): Promise<Blueprint> {
  const key = await answerTo(call, 'key', 'Which field will tell one record from another?', 'id')
  if (columnName(key) !== key) throw new CliError(`"${key}" is no name of a column: a letter, then letters, digits or underscores.`)
  const body = [
    { [key]: 1, name: 'First example', changedAt: '2026-01-30T09:30:00Z' },
    { [key]: 2, name: 'Second example', changedAt: '2026-01-31T08:00:00Z' },
  ]
  return {
    ...{ name, title, url: EXAMPLE_URL, secrets: [], paging: ONE_PAGE, unread: null, at: null, columns: guessColumns(body, key) },
    ...{ origin: 'made up, until there is a source', fixtures: { 'list.json': { url: EXAMPLE_URL, body } } },
  }
}

function checkedUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new CliError(`"${text}" is no address. It looks like https://shop.example/orders, or say "${NOT_YET}".`)
  url.hash = ''
  return url.href
}

interface Look {
  readonly first: FirstAnswer
  readonly paging: Paging
  /** What is left unread when the list is taken for one page, as a sentence; null when nothing is known to be. */
  readonly unread: string | null
}

/** Asks the source once, and for a second page where there seems to be one. */
async function look(call: Call, url: string): Promise<Look> {
  const settings = readSettings(call.env, call.cwd)
  const context = contextOpener(settings, call.clock)({ connector: '', config: {}, signal: call.interruption(), log: () => {} })
  const watch = new PagingWatch()
  try {
    const asked = withoutQuerySecrets(url)
    const http = context.http.at(asked, { query: Object.fromEntries(querySecrets(url)) })
    const response = await watch.over(http).get(asked)
    const list = findList(response.body)
    if (list === null) throw new CliError('The answer holds no list of records, or an empty one.', 1)
    const first = { asked, response, list }
    const paging = await findPaging(http, first)
    return { first, paging: paging ?? ONE_PAGE, unread: paging === null ? watch.unread(list.records.length, false) : null }
  } catch (error) {
    const { message } = failureOf(error, '', [...querySecrets(url).values()])
    throw new CliError(`${message}\nNothing was written. To begin without the source: --url "${NOT_YET}"`, 1, { cause: error })
  } finally {
    await context.close()
  }
}

/** A part of a record with made-up values wherever its place says that it is likely to be about a person. */
function withoutPersons(value: unknown, path: readonly string[] = []): unknown {
  if (Array.isArray(value)) return value.map((part) => withoutPersons(part, path))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([field, part]) => [field, withoutPersons(part, [...path, field])]))
  return path.length > 0 && isPersonalPath(path) && (typeof value === 'string' || typeof value === 'number') ? madeUp(value) : value
}
