import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readSettings } from './config.ts'

let folder: string
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'handover-secrets-'))))
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const KEY = '7f3a09c1d2e4b5867f3a09c1d2e4b5867f3a09c1d2e4b5867f3a09c1d2e4b586'
const read = (env: Record<string, string>) => readSettings(env, '/srv')
const refusal = (env: Record<string, string>): string => {
  try {
    return `accepted ${JSON.stringify(read(env))}`
  } catch (error) {
    return (error as Error).message
  }
}
const file = (text: string): string => {
  const path = join(folder, 'secret')
  writeFileSync(path, text)
  return path
}

describe('a secret in a file', () => {
  it('is taken without the line break at its end', () => {
    const env = { DATABASE_URL: 'mysql://me@db/handover', DATABASE_PASSWORD_FILE: file('b0rIng-Horse \n') }
    expect(read(env).databaseUrl).toBe('mysql://me:b0rIng-Horse%20@db/handover')
    expect(read({ MONGODB_URL_FILE: file('mongodb://mongo/handover\r\n') }).mongodbUrl).toBe('mongodb://mongo/handover')
    expect(read({ HANDOVER_SECRET_KEY_FILE: file(`${KEY}\n`) }).secretKey).toBe(KEY)
  })

  it.each([
    ['', 'which is empty.'],
    ['\n', 'which is empty.'],
    ['one\ntwo', 'which holds more than one line.'],
    ['x'.repeat(20_000), 'which is too large to be a password or a key.'],
  ])('is refused when it holds %j', (text, why) => {
    const path = file(text)
    expect(refusal({ HANDOVER_SECRET_KEY_FILE: path })).toBe(`HANDOVER_SECRET_KEY_FILE names the file ${path}, ${why}`)
  })

  it('is refused when it is not there, is a folder, or is given twice', () => {
    mkdirSync(join(folder, 'sub'))
    expect(refusal({ MONGODB_URL_FILE: join(folder, 'none') })).toMatch(/which is not there\.$/)
    expect(refusal({ MONGODB_URL_FILE: join(folder, 'sub') })).toMatch(/which is a folder\.$/)
    const twice = { HANDOVER_SECRET_KEY: KEY, HANDOVER_SECRET_KEY_FILE: file(KEY) }
    expect(refusal(twice)).toBe('HANDOVER_SECRET_KEY and HANDOVER_SECRET_KEY_FILE are both set. Take one of them away.')
  })

  it('is only for what is secret', () => {
    expect(refusal({ HANDOVER_PORT_FILE: file('80') })).toMatch(/^There is no setting HANDOVER_PORT_FILE\./)
  })
})

describe('a password that is given by itself', () => {
  it('may hold any character, and goes to the first of many hosts as well', () => {
    const password = 'p@ss/w%rd:#?é'
    const { databaseUrl, mongodbUrl } = read({
      DATABASE_URL: 'mysql://me@db:3306/handover?ssl-mode=REQUIRED',
      DATABASE_PASSWORD: password,
      MONGODB_URL: 'mongodb://me@a:27017,b:27017/handover?replicaSet=x',
      MONGODB_PASSWORD: password,
    })
    expect(decodeURIComponent(new URL(databaseUrl!).password)).toBe(password)
    expect(new URL(databaseUrl!).search).toBe('?ssl-mode=REQUIRED')
    expect(mongodbUrl).toBe(`mongodb://me:${encodeURIComponent(password)}@a:27017,b:27017/handover?replicaSet=x`)
  })

  it.each([
    [{ DATABASE_PASSWORD: 'b0rIng-Horse' }, 'DATABASE_PASSWORD is set, but DATABASE_URL is not.'],
    [{ MONGODB_URL: 'mongodb://mongo/x', MONGODB_PASSWORD: 'b0rIng-Horse' }, /^MONGODB_PASSWORD is set, but MONGODB_URL names no user\./],
    [
      { DATABASE_URL: 'mysql://me:n0rIng-Horse@db/x', DATABASE_PASSWORD: 'b0rIng-Horse' },
      'DATABASE_PASSWORD is set, and DATABASE_URL holds a password too. Take one of them away.',
    ],
  ])('must fit its address: %o', (env, line) => {
    expect(refusal(env)).toMatch(line)
    expect(refusal(env)).not.toMatch(/Horse/)
  })
})

describe('a weak secret', () => {
  it.each(['password', 'Change-Me', 'changeme123', '<password>', 'my-secret', '${DB_PASSWORD}', 'handover', '123456789', 'qwertyuiop'])(
    '%s is refused as one out of an example',
    (password) => {
      const line =
        'The password in DATABASE_URL is one out of an example, which anybody can guess. Give the user of the database a random one.'
      expect(refusal({ DATABASE_URL: 'mysql://me@db/x', DATABASE_PASSWORD: password })).toBe(line)
      expect(refusal({ DATABASE_URL: `mysql://me:${encodeURIComponent(password)}@db/x` })).toBe(line)
    },
  )

  it('is refused when it is short or empty, and named without being repeated', () => {
    expect(refusal({ MONGODB_URL: 'mongodb://me:x7Rq@mongo/x' })).toMatch(/too short: it must have at least 8 characters/)
    expect(refusal({ MONGODB_URL: 'mongodb://me:x7Rq@mongo/x' })).not.toMatch(/x7Rq/)
    for (const url of ['mysql://root@db/x', 'mysql://root:@db/x'])
      expect(refusal({ DATABASE_URL: url })).toBe('DATABASE_URL has a user without a password. Give it in DATABASE_PASSWORD.')
  })

  it('will do for a server on this machine, and MongoDB may be without users', () => {
    expect(read({ DATABASE_URL: 'mysql://root@127.0.0.1:3306/x' }).databaseUrl).toBe('mysql://root@127.0.0.1:3306/x')
    expect(read({ DATABASE_URL: 'mysql://root:root@localhost/x' }).databaseUrl).not.toBeNull()
    expect(read({ MONGODB_URL: 'mongodb://mongo:27017/handover' }).mongodbUrl).not.toBeNull()
  })

  it('is no key: not hexadecimal, not long enough, or not random', () => {
    for (const key of ['secret', KEY.slice(1), `${KEY}0`, KEY.replace('7', 'g')])
      expect(refusal({ HANDOVER_SECRET_KEY: key })).toBe(
        'HANDOVER_SECRET_KEY must be 64 hexadecimal digits. Make one with: openssl rand -hex 32',
      )
    for (const key of ['0'.repeat(64), '0123'.repeat(16)])
      expect(refusal({ HANDOVER_SECRET_KEY: key })).toBe('HANDOVER_SECRET_KEY is not random. Make one with: openssl rand -hex 32')
  })
})
