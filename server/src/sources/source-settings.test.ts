import { readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TestSources, TOKEN, webShop } from '../../test/sources/test-sources.ts'
import { StartError } from '../shared/errors.ts'
import { onMysql } from '../warehouse/testing/databases.ts'

let test: TestSources

beforeEach(async () => {
  test = await TestSources.make()
})

afterEach(() => test.close())

const databaseText = async () =>
  onMysql
    ? JSON.stringify(await test.db.write.query('SELECT * FROM handover_source'))
    : (await Promise.all(['handover.db', 'handover.db-wal'].map((name) => readFile(join(test.folder, name), 'latin1')))).join('')

describe('secrets', () => {
  it('are sealed on disk, hidden from people and open to the connector', async () => {
    const sources = await test.open()
    const source = await sources.create(webShop)
    expect(JSON.stringify(source)).not.toContain(TOKEN)
    expect(await databaseText()).toContain('$secret')
    expect(await databaseText()).not.toContain(TOKEN)
    expect(sources.masked(source)).toEqual({ url: 'u', token: 'set', spare: null })
    expect(sources.configOf(source)).toEqual({ url: 'u', token: TOKEN, first: 10 })
    expect(sources.cleaner(source)(`Bearer ${TOKEN}!`)).toBe('Bearer [removed]!')
    expect((await stat(test.keyFile)).mode & 0o777).toBe(0o600)
  })

  it('stay when a form leaves them out, and go when it says null', async () => {
    const sources = await test.open()
    await sources.create({ ...webShop, config: { ...webShop.config, spare: 'spare-spare' } })
    for (const untouched of [{ url: 'v' }, { url: 'v', token: '', spare: '' }, { url: 'v', token: 'set', spare: 'set' }]) {
      expect(sources.configOf(await sources.update('web-shop', { config: untouched }))).toEqual({
        url: 'v',
        token: TOKEN,
        spare: 'spare-spare',
        first: 10,
      })
    }
    expect(sources.configOf(await sources.update('web-shop', { config: { url: 'v', token: 'new-token', spare: null } }))).toEqual({
      url: 'v',
      token: 'new-token',
      first: 10,
    })
    await expect(sources.update('web-shop', { config: { url: 'v', token: null } })).rejects.toMatchObject({
      fields: [{ name: 'config.token' }],
    })
    expect(sources.configOf(await sources.get('web-shop'))['token']).toBe('new-token')
  })

  it('open again after a restart with the same key, and not with another one', async () => {
    const source = await (await test.open()).create(webShop)
    expect((await test.open()).configOf(source)['token']).toBe(TOKEN)
    await writeFile(test.keyFile, 'ab'.repeat(32))
    const sources = await test.open()
    expect(() => sources.configOf(source)).toThrow('cannot be opened with this key file')
  })

  it('keep the server from starting when their key is missing or damaged', async () => {
    await (await test.open()).create(webShop)
    await writeFile(test.keyFile, 'half a key')
    await expect(test.open()).rejects.toThrow('is damaged')
    await rm(test.keyFile)
    await expect(test.open()).rejects.toThrow(StartError)
    await expect(stat(test.keyFile)).rejects.toThrow('ENOENT')
  })

  it('open with a key that is given by a setting, and no file is made', async () => {
    test.secretKey = 'c0ffee0123456789'.repeat(4)
    const source = await (await test.open()).create(webShop)
    await expect(stat(test.keyFile)).rejects.toThrow('ENOENT')
    expect((await test.open()).configOf(source)).toMatchObject({ token: TOKEN })
    await writeFile(test.keyFile, `${test.secretKey.toUpperCase()}\n`)
    expect((await test.open()).configOf(source)).toMatchObject({ token: TOKEN })
    await writeFile(test.keyFile, 'ab'.repeat(32))
    await expect(test.open()).rejects.toThrow(/^HANDOVER_SECRET_KEY is not the key in .*secret\.key/)
  })

  it('do not open for another source', async () => {
    const sources = await test.open()
    const one = await sources.create(webShop)
    const two = await sources.create({ ...webShop, slug: 'two' })
    expect(() => sources.configOf({ ...two, config: one.config })).toThrow('cannot be opened')
  })

  it('are hidden although the connector is gone', async () => {
    const source = await (await test.open()).create(webShop)
    expect((await test.open([])).masked(source)).toEqual({ url: 'u', token: 'set' })
  })
})
