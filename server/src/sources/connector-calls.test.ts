import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { someLines, TestSources, TOKEN, webShop } from '../../test/sources/test-sources.ts'

let test: TestSources

beforeEach(async () => {
  test = await TestSources.make()
})

afterEach(() => test.close())

describe('trying settings', () => {
  const tried = async (config: Record<string, unknown>, slug?: string) => {
    const sources = await test.open()
    return sources.test({ connector: 'shop', config, ...(slug !== undefined && { slug }) })
  }

  it('says that it works', async () => {
    expect(await tried({ url: 'u', token: TOKEN })).toEqual({ ok: true, message: 'It works.', fields: [] })
    expect(test.closed).toBe(1)
  })

  it("puts the fault beside the setting, its own and the connector's", async () => {
    expect(await tried({ token: TOKEN })).toMatchObject({ ok: false, fields: [{ name: 'url', message: 'Missing. Text.' }] })
    expect(await tried({ url: 'u', token: 'wrong' })).toEqual({
      ok: false,
      message: 'The shop does not know this token.',
      fields: [{ name: 'token', message: 'Unknown.' }],
    })
  })

  it('takes the secrets of the source that is being edited', async () => {
    const sources = await test.open()
    await sources.create(webShop)
    expect(await tried({ url: 'v' }, 'web-shop')).toMatchObject({ ok: true })
    expect(await tried({ url: 'v' })).toMatchObject({ ok: false, fields: [{ name: 'token' }] })
  })

  it.each(['sleepy', 'deaf'])('gives up on a source that is %s', async (url) => {
    test.patienceMs = 50
    expect(await tried({ url, token: TOKEN })).toMatchObject({ ok: false, message: 'The source did not answer within 0.05 seconds.' })
    expect(test.closed).toBe(1)
  })

  it.each(['leaky', 'buggy'])('takes secrets out of what a %s connector says', async (url) => {
    const result = await tried({ url, token: TOKEN })
    expect(result.message).toContain('[removed]')
    expect(JSON.stringify(result)).not.toContain(TOKEN)
  })

  it('shows the first ten rows and what would be set aside, without keeping anything', async () => {
    const sources = await test.open()
    const [preview] = await sources.preview({ connector: 'shop', config: { url: 'u', token: TOKEN } })
    expect(preview).toMatchObject({
      shape: { name: 'orders' },
      rows: [
        { id: 1, total: 2 },
        { id: 2, total: 1.5 },
        { id: 3, total: 1.5 },
      ],
    })
    expect(preview).toMatchObject({ records: 5, filtered: 1, faultCount: 1, complete: false })
    expect(preview!.faults).toMatchObject([{ column: 'id', raw: '{"id":"x","total":2}' }])
    expect(await sources.datasets()).toEqual([])
    await sources.create(someLines)
    expect(await sources.preview('lines')).toMatchObject([{ rows: [{ id: 'a {"path":"a.csv"}' }] }])
  })
})
