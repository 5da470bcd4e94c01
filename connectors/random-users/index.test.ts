import { SourceError, type Json } from '@handover/sdk'
import { collectPages, openConnector, readFixtures, replay, testConnector } from '@handover/sdk/testing'
import { describe, expect, it } from 'vitest'
import { CITIES } from './cities.ts'
import randomUsers from './index.ts'
import { inventor, type OfflinePerson } from './people.ts'

const folder = import.meta.dirname
const fixtures = `${folder}/fixtures`

testConnector(randomUsers, {
  folder,
  fixtures,
  configs: { offline: {}, 'offline, more than a page': { first: 600, more: 3 }, online: { mode: 'online', first: 23, more: 4 } },
})

const open = (config: Record<string, unknown>) =>
  openConnector(randomUsers, { config, filesFolder: fixtures, fetcher: replay(readFixtures(fixtures)) })

/** Ids of one load, and the cursor it ends with. */
async function load(config: Record<string, unknown>, cursor: Json = null) {
  const { streams } = await open(config)
  const pages = await collectPages(streams[0]!, cursor)
  const records = pages.flatMap((page) => page.records as (OfflinePerson & { readonly login?: { readonly uuid: string } })[])
  return { ids: records.map((record) => record.login?.uuid ?? record.uid), cursor: pages.at(-1)?.cursor ?? cursor, records }
}

describe.each(['offline', 'online'])('people who come %s', (mode) => {
  it('are the same in one large load as in many small ones, without doubles', async () => {
    const whole = await load({ mode, first: 32 })
    const start = await load({ mode, first: 3, more: 13 })
    const second = await load({ mode, first: 3, more: 13 }, start.cursor)
    const third = await load({ mode, first: 3, more: 16 }, second.cursor)
    expect([...start.ids, ...second.ids, ...third.ids]).toEqual(whole.ids)
    expect(new Set(whole.ids).size).toBe(32)
  })

  it('stop coming when later loads add nobody', async () => {
    const { cursor } = await load({ mode })
    expect((await load({ mode, more: 0 }, cursor)).ids).toEqual([])
  })
})

describe('people invented offline', () => {
  it('depend on seed and position only', () => {
    const [one, other] = [inventor('handover'), inventor('handover')]
    const inOrder = [0, 1, 2, 3].map(one)
    const backwards = [3, 2, 1, 0].map(other).reverse()
    expect(backwards).toEqual(inOrder)
    expect(inventor('another word')(0)).not.toEqual(inOrder[0])
  })

  it('stand within 0.1 degrees of the city that they name', () => {
    const invent = inventor('handover')
    for (const { city, country, coordinates } of Array.from({ length: 500 }, (_, position) => invent(position).address)) {
      const home = CITIES.find((one) => one.name === city && one.country === country)!
      expect(Math.abs(coordinates.lat - home.latitude)).toBeLessThanOrEqual(0.1001)
      expect(Math.abs(coordinates.lng - home.longitude)).toBeLessThanOrEqual(0.1001)
    }
  })

  it('finish a load that was broken off before they add more', async () => {
    const { streams } = await open({ first: 1100, more: 5 })
    const [page] = await collectPages(streams[0]!)
    const rest = await load({ first: 1100, more: 5 }, page!.cursor)
    expect(rest.ids).toHaveLength(600)
    expect((await load({ first: 1100, more: 5 }, rest.cursor)).ids).toHaveLength(5)
  })

  it('start anew with another seed', async () => {
    const { cursor } = await load({})
    expect((await load({ seed: 'another word', first: 2 }, cursor)).ids).toHaveLength(2)
  })

  it('keep their secrets in the raw record', async () => {
    const { streams, transform } = await open({})
    const [page] = await collectPages(streams[0]!)
    for (const raw of page!.records as OfflinePerson[]) {
      expect(raw).toMatchObject({
        password: expect.any(String),
        credit_card: { cc_number: expect.any(String) },
        social_insurance_number: expect.any(String),
      })
      const row = JSON.stringify(transform('users', raw))
      for (const hidden of [raw.password, raw.credit_card.cc_number, raw.social_insurance_number, raw.phone_number])
        expect(row).not.toContain(hidden)
    }
  })

  it('can be read from the shape that the dead API sent', async () => {
    const { datasets } = await open({})
    const old = {
      id: 5490,
      uid: '7e734e55-328d-410f-a29a-b4203dfcd82a',
      first_name: 'Joe',
      last_name: 'Barrows',
      email: 'joe.barrows@email.com',
      date_of_birth: '1987-12-18',
      address: { city: 'West Dominique', country: 'United States', coordinates: { lat: 76.31127, lng: -131.05593 } },
    }
    expect(datasets[0]!.rows(old)).toMatchObject({
      kind: 'rows',
      items: [{ values: expect.arrayContaining(['Joe Barrows', '1987-12-18', 76.31127]) }],
    })
    expect(datasets[0]!.rows({ ...old, address: null })).toMatchObject({
      kind: 'rows',
      items: [{ values: expect.arrayContaining(['Joe Barrows', null]) }],
    })
  })
})

describe('people who come online', () => {
  it.each(['outage', 'busy'])('fail the load loudly when the answer is 200 but %s', async (seed) => {
    const { streams, context } = await open({ mode: 'online', seed })
    await expect(collectPages(streams[0]!)).rejects.toThrow(SourceError)
    await expect(randomUsers.check!(context)).rejects.toThrow(/randomuser\.me/)
  })
})

describe('avatars', () => {
  it('are drawn from the id alone: the same twice, different for another', async () => {
    const { context } = await open({})
    const draw = async (key: string) => new TextDecoder().decode((await randomUsers.media!(key, context)).bytes)
    const picture = await draw('7e734e55')
    expect(picture).toMatch(/^<svg/)
    expect(await draw('7e734e55')).toBe(picture)
    expect(await draw('7a0eed16')).not.toBe(picture)
    expect(picture).not.toMatch(/<script|href="http/)
  })
})
