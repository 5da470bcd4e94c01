import { createServer, type AddressInfo } from 'node:net'
import { MongoServerError } from 'mongodb'
import { expect, it, onTestFinished } from 'vitest'
import { databaseAt, MONGODB, NO_MONGODB } from '../../test/schedule/test-backends.ts'
import { MongoBackend } from './mongo-backend.ts'
import { MongoConnection } from './mongo-connection.ts'
import { startFault } from './mongo-faults.ts'
import { checkMongo } from './schedule.service.ts'

/** Nothing here answers later, so nobody need wait. */
const PATIENCE_MS = 300
const PASSWORD = 'correct-horse-7'
const withPassword = (place: string) => `mongodb://anna:${PASSWORD}@${place}/handover`

/** What the start says, which must hold no password. */
async function refusalOf(url: string): Promise<{ code: string; message: string }> {
  const error = await MongoBackend.open(url, PATIENCE_MS).then(
    () => Promise.reject(new Error('It opened.')),
    (error: { code: string; message: string }) => error,
  )
  expect(JSON.stringify([error.message, String(error)])).not.toContain(PASSWORD)
  return { code: error.code, message: error.message }
}

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

/** A server that does what `answer` says with whoever connects; its host and port. */
async function stranger(answer: (write: (text: string) => void, end: () => void) => void): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', () =>
      answer(
        (text) => socket.write(text),
        () => socket.destroy(),
      ),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

it('names host and port when nobody listens there', async () => {
  const place = `127.0.0.1:${await freePort()}`
  expect(await refusalOf(withPassword(place))).toEqual({
    code: 'START_REFUSED',
    message: `Nothing answers at ${place} (MONGODB_URL). Is MongoDB running there, and are host and port right?`,
  })
})

it('says when the host is not known', async () => {
  const { message } = await refusalOf(withPassword('nowhere.invalid:27017'))
  expect(message).toBe('The host of MONGODB_URL is not known in this network (nowhere.invalid:27017). Is the name right?')
})

it('says when the other side hangs up, or is something else than MongoDB', async () => {
  const closing = await stranger((_, end) => end())
  expect((await refusalOf(withPassword(closing))).message).toContain(`The server at ${closing} (MONGODB_URL) hangs up.`)
  const web = await stranger((write, end) => (write('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'), end()))
  expect((await refusalOf(withPassword(web))).message).toContain(`The server at ${web} (MONGODB_URL) hangs up. Is it MongoDB`)
  const silent = await stranger(() => {})
  expect((await refusalOf(withPassword(silent))).message).toContain(`MongoDB at ${silent} (MONGODB_URL) does not answer.`)
})

it.for([
  'mongodb://anna:correct-horse-7@/handover',
  'mongodb://anna:correct-horse-7/x@h:27017/handover',
  'mongodb://anna:correct-horse-7@%@h/handover',
  'mongodb://anna:correct-horse-7@h:99999/handover',
  'mongodb://anna:correct-horse-7@h/handover?colour=blue',
  'mongodb://anna:correct-horse-7@h/hand.over',
])('repeats nothing of an address that cannot be read: %s', async (url) => {
  expect((await refusalOf(url)).message).toContain('MONGODB_URL cannot be read as the address of a MongoDB server.')
})

it('says what a refusal of the server means', () => {
  const refusal = (code: number, message = '') => startFault(new MongoServerError({ code, errmsg: message }), 'db:27017', 'jobs').message
  expect(refusal(18)).toContain('MongoDB at db:27017 refuses the user or the password')
  expect(refusal(8000)).toContain('refuses the user or the password')
  expect(refusal(13)).toContain('does not let the user in MONGODB_URL write to the database "jobs"')
  expect(refusal(59, 'no such command\nand more')).toBe('MongoDB at db:27017 (MONGODB_URL) cannot be used: no such command')
})

it('says what is wrong with TLS', () => {
  const fault = (code: string, message: string) => startFault(Object.assign(new Error(message), { code }), 'db:27017', 'jobs').message
  expect(fault('DEPTH_ZERO_SELF_SIGNED_CERT', 'self-signed certificate')).toContain('its certificate is not one that this machine trusts')
  expect(fault('ERR_TLS_CERT_ALTNAME_INVALID', "Hostname/IP does not match certificate's altnames")).toContain('is for another host name')
  expect(fault('ECONNRESET', 'Client network socket disconnected before secure TLS connection was established')).toContain(
    'Take tls=true out',
  )
})

it('checks an address without throwing for what a person can mend', async () => {
  const place = `127.0.0.1:${await freePort()}`
  expect(await checkMongo(withPassword(place), PATIENCE_MS)).toEqual({
    ok: false,
    message: expect.stringContaining(`Nothing answers at ${place}`),
  })
  expect(await checkMongo('mongodb://')).toMatchObject({ ok: false })
})

it('says what answers, and that TLS, a replica set or a user are not there', async (context) => {
  if (MONGODB === undefined) return context.skip(NO_MONGODB)
  const place = new URL(MONGODB).host
  const answer = await checkMongo(MONGODB)
  expect(answer).toEqual({
    ok: true,
    version: expect.stringMatching(/^\d+\.\d+/),
    message: `MongoDB ${answer.version} answers at ${place}.`,
  })
  expect((await refusalOf(`mongodb://${place}/?tls=true`)).message).toContain(
    `MongoDB at ${place} (MONGODB_URL) cannot be reached over TLS`,
  )
  expect((await refusalOf(`mongodb://${place}/?replicaSet=rs0`)).message).toContain('No server of the replica set')
  expect((await refusalOf(withPassword(place))).message).toContain(place)
})

it('takes the database "handover" where the address names none', async (context) => {
  if (MONGODB === undefined) return context.skip(NO_MONGODB)
  for (const [url, name] of [
    [MONGODB, 'handover'],
    [`${MONGODB}/?appName=x`, 'handover'],
    [databaseAt(MONGODB, 'test'), 'test'],
  ] as const) {
    const connection = await MongoConnection.open(url)
    expect(connection.db.databaseName).toBe(name)
    await connection.close()
  }
})
