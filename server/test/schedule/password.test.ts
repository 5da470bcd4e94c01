import { once } from 'node:events'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, expect, it, type TestContext } from 'vitest'
import { checkMongo } from '../../src/schedule/schedule.service.ts'
import { spawnSchedule } from './built-schedule.ts'
import { databaseAt, MONGODB_SERVICE, NO_MONGODB_SERVICE } from './test-backends.ts'
import { startServer, type TestServer } from './test-server.ts'

const PORT = 27118
const PASSWORD = 'gr%een:h@ll/7'
let server: TestServer | undefined
let hasUsers = false
const urlOf = (password: string) => databaseAt(`mongodb://anna:${encodeURIComponent(password)}@127.0.0.1:${PORT}`, 'handover')

// What makes FerretDB ask for a password; other servers take no notice of it.
const env = {
  ...{ FERRETDB_TEST_ENABLE_NEW_AUTH: 'true', FERRETDB_SETUP_DATABASE: 'handover', FERRETDB_SETUP_TIMEOUT: '10s' },
  ...{ FERRETDB_SETUP_USERNAME: 'anna', FERRETDB_SETUP_PASSWORD: PASSWORD },
}

beforeAll(async () => {
  if (MONGODB_SERVICE === undefined) return
  server = await startServer(PORT, env)
  const client = await MongoClient.connect(server.url)
  hasUsers = await client
    .db('handover')
    .collection('door')
    .findOne({})
    .then(
      () => false,
      () => true,
    )
  await client.close()
}, 30_000)

afterAll(async () => {
  await server?.stop()
})

/** Only a server that asks for a password can refuse one. */
const skipWithoutUsers = (context: TestContext) => {
  if (server === undefined) context.skip(NO_MONGODB_SERVICE)
  if (!hasUsers) context.skip('the server of TEST_MONGODB_SERVICE asks for no password')
}

it('opens with the right password, and says what to mend for a wrong one or none', async (context) => {
  skipWithoutUsers(context)
  expect(await checkMongo(urlOf(PASSWORD))).toMatchObject({ ok: true })
  const wrong = await checkMongo(urlOf('hunter-2'))
  expect(wrong).toEqual({ ok: false, message: expect.stringContaining('refuses the user or the password in MONGODB_URL') })
  expect(wrong.message).not.toContain('hunter-2')
  expect(await checkMongo(`mongodb://127.0.0.1:${PORT}/handover`)).toEqual({
    ok: false,
    message: expect.stringContaining('does not let the user in MONGODB_URL write to the database "handover"'),
  })
})

it('prints no password, whatever is turned on to debug', { timeout: 30_000 }, async (context) => {
  skipWithoutUsers(context)
  const child = spawnSchedule(urlOf(PASSWORD), 'planner', { DEBUG: '*', MONGODB_LOG_ALL: 'debug', MONGODB_LOG_PATH: 'stderr' })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream!.on('data', (text) => (said += String(text)))
  const [code] = (await once(child, 'close')) as [number | null]
  expect([code, said]).toEqual([0, expect.stringContaining('agenda:')])
  for (const secret of [PASSWORD, encodeURIComponent(PASSWORD), 'h@ll']) expect(said).not.toContain(secret)
})
