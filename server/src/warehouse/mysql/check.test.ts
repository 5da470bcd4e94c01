import { expect, onTestFinished, test } from 'vitest'
import { migrations } from '../../migrations/index.ts'
import { administer, mysqlUrl } from '../testing/databases.ts'
import { checkDatabase } from '../warehouse.service.ts'
import { readAddress } from './address.ts'
import { factChecks, type CheckedFacts } from './check.ts'

const good: CheckedFacts = {
  ...{ version: '9.7.0', localInfile: true, packet: 67_108_864, statementLength: 1_000_000, clockAhead: 20 },
  ...{ charset: 'utf8mb4', cipher: 'TLS_AES_256_GCM_SHA384' },
}
const far = 'mysql://me:topsecret@db.example.org/shop?ssl-mode=VERIFY_IDENTITY'
const checksOf = (facts: Partial<CheckedFacts>, url = far) => factChecks({ ...good, ...facts }, readAddress(url))
const warningsOf = (facts: Partial<CheckedFacts>, url = far) =>
  checksOf(facts, url)
    .filter(({ state }) => state !== 'ok')
    .map(({ name, state, message, todo }) => `${state} ${name}: ${message} ${todo}`)

test('has nothing to say against a good server', () => {
  expect(warningsOf({})).toEqual([])
  expect(checksOf({}).map(({ message }) => message)).toContain('MySQL 9.7.0 answers at db.example.org:3306.')
})

test.each<[string, Partial<CheckedFacts>, string]>([
  [
    'that files are not taken',
    { localInfile: false },
    'warning writing: Loads are written with INSERT, about half as fast, because local_infile is off. To turn it on: SET PERSIST local_infile = ON;',
  ],
  [
    'that statements must be short',
    { packet: 4 * 1024 * 1024 },
    'warning statements: One statement may only be 4 MB long (max_allowed_packet), so longer records fail and the others are written slowly. SET PERSIST max_allowed_packet = 67108864;',
  ],
  [
    'that its clock is ahead',
    { clockAhead: 300_000 },
    'warning clocks: The clock of the database is 5 minutes ahead of that of this machine. Let both machines take their time from a time server (NTP).',
  ],
  [
    'that its clock is behind',
    { clockAhead: -61_000 },
    'warning clocks: The clock of the database is 61 seconds behind that of this machine. Let both machines take their time from a time server (NTP).',
  ],
  [
    'that another character set is usual',
    { charset: 'latin1' },
    'warning characters: The database "shop" has the character set latin1. The tables of Handover say utf8mb4 themselves; those of others may lose characters. ALTER DATABASE `shop` CHARACTER SET utf8mb4;',
  ],
])('warns %s', (_, facts, words) => {
  expect(warningsOf(facts)).toEqual([words])
})

test('bears a minute between the clocks', () => {
  expect(warningsOf({ clockAhead: 60_000 })).toEqual([])
})

test('warns of a connection that others can read or take over, unless it stays on this machine', () => {
  expect(warningsOf({ cipher: '' }, 'mysql://me:topsecret@db.example.org/shop')).toEqual([
    expect.stringContaining('is not encrypted: everybody'),
  ])
  expect(warningsOf({}, 'mysql://me:topsecret@db.example.org/shop?ssl-mode=REQUIRED')).toEqual([expect.stringContaining('is not checked')])
  for (const host of ['127.0.0.1', 'localhost', '[::1]'])
    expect(warningsOf({ cipher: '' }, `mysql://me:topsecret@${host}/shop`)).toEqual([])
})

const base = new URL(mysqlUrl!)

/** A database with a user of its own, who may do what is granted. */
async function guest(rights: string): Promise<{ url: string; tables(): Promise<unknown> }> {
  const name = `handover_test_doctor_${process.pid}`
  onTestFinished(() => administer(`DROP DATABASE IF EXISTS ${name}`))
  onTestFinished(() => administer(`DROP USER IF EXISTS '${name}'@'%'`))
  await administer(`CREATE DATABASE ${name}`)
  await administer(`CREATE USER '${name}'@'%' IDENTIFIED BY 'topsecret'`)
  await administer(`GRANT ${rights} ON ${name}.* TO '${name}'@'%'`)
  const url = new URL(base)
  Object.assign(url, { username: name, password: 'topsecret', pathname: name, search: '?ssl-mode=REQUIRED' })
  const { createConnection } = await import('mysql2/promise')
  const tables = async () => {
    const connection = await createConnection({ uri: mysqlUrl! })
    const [rows] = await connection.query(`SHOW TABLES FROM ${name}`)
    await connection.end()
    return rows
  }
  return { url: String(url), tables }
}

test('tries the rights with a table of its own, and leaves nothing behind', async () => {
  const { url, tables } = await guest('ALL')
  const checks = await checkDatabase({ url, file: '', migrations })
  expect(checks.map(({ name, state }) => `${name} ${state}`)).toEqual(
    ['database', 'characters', 'encryption', 'writing', 'statements', 'clocks', 'rights', 'tables'].map((name) =>
      // Whether the server of the tests takes files is its own affair.
      name === 'writing' ? (expect.stringMatching(/^writing (ok|warning)$/) as string) : `${name} ok`,
    ),
  )
  expect(await tables()).toEqual([])
})

test('names every right that is missing, and shows no password', async () => {
  const { url, tables } = await guest('SELECT, INSERT, CREATE, DROP')
  const checks = await checkDatabase({ url, file: '', migrations })
  const { user, database } = readAddress(url)
  expect(checks.find(({ name }) => name === 'rights')).toEqual({
    ...{ name: 'rights', state: 'fault' },
    message: `The database user "${user}" lacks the rights CREATE TEMPORARY TABLES, UPDATE, DELETE, ALTER, INDEX on the database "${database}".`,
    todo: `An administrator can give what is missing: GRANT ALL ON \`${database}\`.* TO '${user}'@'%';`,
  })
  expect(await tables()).toEqual([])
  expect(JSON.stringify(checks)).not.toContain('topsecret')
})

test('says which table had to stay when it may not be removed', async () => {
  const { url, tables } = await guest('SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, INDEX, CREATE TEMPORARY TABLES')
  const rights = (await checkDatabase({ url, file: '', migrations })).find(({ name }) => name === 'rights')!
  const [left] = (await tables()) as Record<string, string>[]
  expect(rights.message).toContain('lacks the right DROP on')
  expect(rights.message).toContain(`The table ${Object.values(left!)[0]}, by which that was tried, could not be removed again.`)
})
