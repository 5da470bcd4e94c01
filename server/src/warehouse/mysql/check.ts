import { randomBytes } from 'node:crypto'
import type { Connection } from 'mysql2/promise'
import { StartError, WarehouseError } from '../../shared/errors.ts'
import { fault, faultFrom, ok, warning, type Check } from '../../shared/check.ts'
import { readAddress, type MysqlAddress } from './address.ts'
import { driverErrorOf, faultOf, grant, startFaultOf } from './faults.ts'
import { connectOnce } from './connect.ts'
import { probe, type ServerFacts } from './open.ts'

/** A hint to look at the clocks from here on: leases and schedules bear less than that, but not much less. */
const mostClockAhead = 60_000
/** Below this, long records do not fit into a statement. */
const leastPacket = 16 * 1024 * 1024
const answerTimeout = 10_000

/** What is asked of a server besides what every start asks. */
export interface CheckedFacts extends ServerFacts {
  /** Character set that tables of the database have where nothing else is said. */
  readonly charset: string
  /** Cipher of the connection; empty when it is not encrypted. */
  readonly cipher: string
}

/** Looks at a MySQL server: reached, new enough, encrypted, allowed. Tries its rights with a table of its own, which it removes. */
export async function checkMysql(url: string, checkMigrations: (done: readonly string[] | null) => Check): Promise<Check[]> {
  let address: MysqlAddress | null = null
  try {
    address = readAddress(url)
    return await examine(address, checkMigrations)
  } catch (error) {
    const refusal = address === null ? error : startFaultOf(error, address)
    if (refusal instanceof StartError) return [faultFrom('database', refusal)]
    throw error
  }
}

async function examine(address: MysqlAddress, checkMigrations: (done: readonly string[] | null) => Check): Promise<Check[]> {
  const connection = await connectOnce(address)
  try {
    const facts = { ...(await probe(connection, address)), ...(await askMore(connection)) }
    return [...factChecks(facts, address), await checkRights(connection, address), checkMigrations(await migrationsIn(connection))]
  } finally {
    connection.destroy()
  }
}

async function askMore(connection: Connection): Promise<Pick<CheckedFacts, 'charset' | 'cipher'>> {
  const [{ charset }] = (await ask(connection, 'SELECT @@character_set_database AS charset')) as [{ charset: string }]
  const [cipher] = (await ask(connection, `SHOW SESSION STATUS LIKE 'Ssl_cipher'`)) as { Value: string }[]
  return { charset, cipher: cipher?.Value ?? '' }
}

/** What the facts of a server mean for Handover. */
export function factChecks(facts: CheckedFacts, address: MysqlAddress): Check[] {
  return [
    ok('database', `MySQL ${facts.version} answers at ${address.name}.`),
    charsetCheck(facts, address),
    encryptionCheck(facts, address),
    bulkCheck(facts),
    packetCheck(facts),
    clockCheck(facts),
  ]
}

function charsetCheck({ charset }: CheckedFacts, { database }: MysqlAddress): Check {
  if (charset === 'utf8mb4') return ok('characters', 'The database takes every character (utf8mb4).')
  const what = `The database "${database}" has the character set ${charset}. The tables of Handover say utf8mb4 themselves; those of others may lose characters.`
  return warning('characters', what, `ALTER DATABASE \`${database}\` CHARACTER SET utf8mb4;`)
}

function encryptionCheck({ cipher }: CheckedFacts, { host, ssl }: MysqlAddress): Check {
  const name = 'encryption'
  if (cipher === '' && isThisMachine(host)) return ok(name, 'The connection is not encrypted, and does not leave this machine.')
  if (cipher === '') {
    const todo = 'Add ?ssl-mode=VERIFY_IDENTITY to DATABASE_URL (with ssl-ca for a certificate of your own).'
    return warning(name, `The connection to ${host} is not encrypted: everybody in between can read rows and change them.`, todo)
  }
  const isChecked = typeof ssl === 'object' && ssl.rejectUnauthorized === true
  if (isChecked || isThisMachine(host)) return ok(name, `The connection is encrypted (${cipher}).`)
  const what = `The connection is encrypted (${cipher}), but the certificate of ${host} is not checked, so another server could pose as it.`
  return warning(name, what, 'Write ssl-mode=VERIFY_IDENTITY in DATABASE_URL instead of REQUIRED.')
}

const isThisMachine = (host: string): boolean => host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)

function bulkCheck({ localInfile }: CheckedFacts): Check {
  if (localInfile) return ok('writing', 'Rows are written the fast way (local_infile is on).')
  return warning(
    'writing',
    'Loads are written with INSERT, about half as fast, because local_infile is off.',
    'To turn it on: SET PERSIST local_infile = ON;',
  )
}

function packetCheck({ packet }: CheckedFacts): Check {
  const size = `${Math.floor(packet / 1024 / 1024)} MB`
  if (packet >= leastPacket) return ok('statements', `One statement may be ${size} long.`)
  const what = `One statement may only be ${size} long (max_allowed_packet), so longer records fail and the others are written slowly.`
  return warning('statements', what, 'SET PERSIST max_allowed_packet = 67108864;')
}

function clockCheck({ clockAhead }: CheckedFacts): Check {
  const off = Math.abs(clockAhead)
  if (off <= mostClockAhead) return ok('clocks', 'The clock of the database and that of this machine agree.')
  const what = `The clock of the database is ${lengthInWords(off)} ${clockAhead > 0 ? 'ahead of' : 'behind'} that of this machine.`
  return warning('clocks', what, 'Let both machines take their time from a time server (NTP).')
}

function lengthInWords(ms: number): string {
  const [size, unit] = ms >= 7_200_000 ? [3_600_000, 'hours'] : ms >= 120_000 ? [60_000, 'minutes'] : [1000, 'seconds']
  return `${Math.round(ms / size)} ${unit}`
}

/** Tries each right by using it; the table is gone afterwards, unless just that is what may not be done. */
async function checkRights(connection: Connection, address: MysqlAddress): Promise<Check> {
  const table = `handover_doctor_${randomBytes(6).toString('hex')}`
  const lacking: string[] = []
  const tryOut = async (right: string, sql: string): Promise<boolean> => {
    const isAllowed = await allows(connection, address, sql)
    if (!isAllowed) lacking.push(right)
    return isAllowed
  }
  await tryOut('CREATE TEMPORARY TABLES', `CREATE TEMPORARY TABLE ${table}_t (id INT PRIMARY KEY)`)
  if (await tryOut('CREATE', `CREATE TABLE ${table} (id INT PRIMARY KEY)`)) {
    try {
      for (const [right, sql] of uses(table)) await tryOut(right, sql)
    } finally {
      await tryOut('DROP', `DROP TABLE ${table}`)
    }
  }
  return rightsCheck(lacking, table, address)
}

const uses = (table: string): [right: string, sql: string][] => [
  ['INSERT', `INSERT INTO ${table} VALUES (1)`],
  ['SELECT', `SELECT id FROM ${table}`],
  ['UPDATE', `UPDATE ${table} SET id = 2`],
  ['DELETE', `DELETE FROM ${table}`],
  ['ALTER', `ALTER TABLE ${table} ADD COLUMN word VARCHAR(20)`],
  ['INDEX', `CREATE INDEX by_id ON ${table} (id)`],
]

function rightsCheck(lacking: readonly string[], table: string, { user, database }: MysqlAddress): Check {
  if (lacking.length === 0) return ok('rights', `The user "${user}" may make, change, fill and remove tables in "${database}".`)
  const rights = lacking.length === 1 ? `right ${lacking[0]}` : `rights ${lacking.join(', ')}`
  const rest = lacking.includes('DROP') ? ` The table ${table}, by which that was tried, could not be removed again.` : ''
  const what = `The database user "${user}" lacks the ${rights} on the database "${database}".${rest}`
  return fault('rights', what, `An administrator can give what is missing: ${grant(user, database)}`)
}

/** False when the right to do it is missing. Throws what else is the matter, in words where there are some. */
async function allows(connection: Connection, address: MysqlAddress, sql: string): Promise<boolean> {
  try {
    await ask(connection, sql)
    return true
  } catch (error) {
    const reason = faultOf(error, address)
    if (!(reason instanceof WarehouseError)) throw error
    if (reason.code === 'DATABASE_RIGHTS' && driverErrorOf(error).code?.includes('DENIED')) return false
    throw new StartError(reason.message, { cause: error })
  }
}

async function migrationsIn(connection: Connection): Promise<string[] | null> {
  const tables = await ask(connection, `SHOW TABLES LIKE 'handover\\_migration'`)
  if (tables.length === 0) return null
  return (await ask(connection, 'SELECT name FROM handover_migration')).map(({ name }) => String(name))
}

async function ask(connection: Connection, sql: string): Promise<Record<string, unknown>[]> {
  const [rows] = await connection.query({ sql, timeout: answerTimeout })
  return rows as Record<string, unknown>[]
}
