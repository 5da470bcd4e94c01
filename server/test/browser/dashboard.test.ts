import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { axeFaults, chromiumPath, noChromium, openChromium, sideways, visit } from './chromium.ts'
import { startProduct, type Product } from './product.ts'

const MOST_SCRIPT_BYTES = 200_000
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const eventually = { timeout: 20_000, interval: 100 }
vi.setConfig({ testTimeout: 60_000, hookTimeout: 90_000 })

let product: Product
let browser: Browser

beforeEach(({ skip }) => skip(chromiumPath === null, noChromium))
beforeAll(async () => {
  if (chromiumPath === null) return
  product = await startProduct()
  browser = await openChromium()
})
afterAll(async () => {
  await browser?.close()
  await product?.[Symbol.asyncDispose]()
})

const open = (path: string, options = {}) => visit(browser, product.url + path, options)
const LIGHT = { colorScheme: 'light' }
const DARK = { colorScheme: 'dark' }
const VIEWS = ['/', '/tracking/users', '/data/earthquakes/earthquakes'].flatMap((path) => [
  { path, look: 'light', options: LIGHT },
  { path, look: 'dark', options: DARK },
  { path, look: 'on a phone', options: PHONE },
])

describe.each([
  ...VIEWS,
  { path: '/data/users/users', look: 'light', options: LIGHT },
  { path: '/no/such/page', look: 'dark', options: DARK },
])('the page $path, $look,', ({ path, options }) => {
  it('can be used by everybody, asks no other host and does not scroll sideways', async () => {
    const { page, outside, complaints } = await open(path, options)
    expect(await axeFaults(page)).toEqual([])
    expect(outside).toEqual([])
    // Chromium itself reports the page that is not there.
    expect(complaints.filter((text) => !(path === '/no/such/page' && text.includes('404')))).toEqual([])
    expect(await sideways(page)).toBe(0)
    await page.context().close()
  })
})

describe('the overview', () => {
  it('says in its heading whether all is well, and shows every dataset with its rows', async () => {
    const { page } = await open('/')
    expect(await page.locator('h1').innerText()).toMatch(/sources.*on time/i)
    const { datasets } = await product.ask('{ datasets { title rows } }')
    expect(datasets).toHaveLength(2)
    const text = await page.locator('main').innerText()
    for (const { rows } of datasets) expect(text).toContain(Number(rows).toLocaleString('en-GB'))
    await page.context().close()
  })
})

describe('tracking users', () => {
  it(`sends at most ${MOST_SCRIPT_BYTES / 1000} kB of JavaScript`, async () => {
    const { page, scriptBytes } = await open('/tracking/users')
    const bytes = await scriptBytes()
    expect(bytes).toBeGreaterThan(10_000)
    expect(bytes).toBeLessThanOrEqual(MOST_SCRIPT_BYTES)
    await page.context().close()
  })

  it('begins with the first person, and follows another one that is chosen by keyboard, also in the address', async () => {
    const { page } = await open('/tracking/users')
    const name = page.locator('article[aria-label="The person chosen"] h2').first()
    const { users } = await product.ask('{ users { users(first: 1000, orderBy: [{ column: name }]) { nodes { id name } } } }')
    const [first, second] = users.users.nodes
    expect(await name.innerText()).toBe(first.name)
    await page.getByLabel('Find a person').focus()
    await page.keyboard.type(second.name)
    await page.getByRole('option', { name: second.name }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.waitForURL((url) => url.searchParams.get('person') === second.id)
    await expect.poll(() => name.innerText(), eventually).toBe(second.name)
    await page.reload()
    expect(await name.innerText()).toBe(second.name)
    await page.context().close()
  })

  it.each(['', 'nobody'])('shows the first person when the address asks for "%s"', async (asked) => {
    const { page } = await open(`/tracking/users?person=${asked}`)
    const { users } = await product.ask('{ users { users(first: 1, orderBy: [{ column: name }]) { nodes { name } } } }')
    expect(await page.locator('article[aria-label="The person chosen"] h2').first().innerText()).toBe(users.users.nodes[0].name)
    await page.context().close()
  })

  it('names people on the map by keyboard, and lists the same people as a table', async () => {
    const { page } = await open('/tracking/users')
    const { users } = await product.ask('{ users { users(first: 1000, where: { latitude: { isNull: false } }) { nodes { name } } } }')
    const names: string[] = users.users.nodes.map((person: { name: string }) => person.name)
    const map = page.locator('section[aria-label="Map"]')
    await map.locator('[role=application]').focus()
    await page.keyboard.press('ArrowRight')
    const spoken = map.locator('[aria-live]').first()
    const named = async () => {
      const said = await spoken.innerText()
      return names.filter((name) => said.includes(name))
    }
    await expect.poll(named, eventually).toHaveLength(1)
    await page.keyboard.press('t')
    await expect.poll(() => map.locator('tbody tr').count(), eventually).toBe(names.length)
    await page.context().close()
  })

  it('gives the people as users.csv, as many as the API counts', async () => {
    const { page } = await open('/tracking/users')
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download' }).click()])
    expect(download.suggestedFilename()).toBe('users.csv')
    const file = await (await fetch(`${product.url}/export/users/users.csv`)).text()
    const { users } = await product.ask('{ users { users(first: 1) { totalCount } } }')
    expect(file.trim().split('\r\n').length - 1).toBe(Number(users.users.totalCount))
    await page.context().close()
  })

  it('shows new people by itself', async () => {
    const { page } = await open('/tracking/users')
    const before = Number((await product.ask('{ users { users(first: 1) { totalCount } } }')).users.users.totalCount)
    await product.ask('mutation { loadNow(source: "users") { id } }')
    await expect
      .poll(() => page.locator('section[aria-labelledby="everyone"]').innerText(), eventually)
      .toContain(`of ${before + 5} people`)
    await page.context().close()
  })
})

describe('the page of a dataset', () => {
  it('says how much it shows of how much, sorts and filters, and keeps both in the address', async () => {
    const { page } = await open('/data/earthquakes/earthquakes')
    const { earthquakes } = await product.ask(
      `{ earthquakes { earthquakes(first: 1, orderBy: [{ column: mag, direction: DESC }]) { totalCount nodes { place } } } }`,
    )
    const { totalCount, nodes } = earthquakes.earthquakes
    const table = page.locator('#table')
    expect(await table.innerText()).toContain(`Showing 50 of ${Number(totalCount).toLocaleString('en-GB')}`)
    await table.getByRole('link', { name: 'Magnitude', exact: true }).click()
    await page.waitForURL((url) => url.searchParams.has('sort'))
    await expect.poll(() => table.locator('tbody tr').first().innerText(), eventually).toContain(nodes[0].place)

    const strong = await product.ask('{ earthquakes { earthquakes(where: { mag: { gte: 5 } }) { totalCount } } }')
    await table.getByRole('button', { name: 'Add a filter' }).click()
    await page.getByLabel('Column', { exact: true }).selectOption('mag')
    await page.locator('input[id$=value]').fill('5')
    await page.keyboard.press('Enter')
    await page.waitForURL((url) => url.searchParams.has('sort') && url.searchParams.has('filter'))
    await expect.poll(() => table.innerText(), eventually).toContain(`of ${strong.earthquakes.earthquakes.totalCount} rows that match`)
    await page.context().close()
  })
})
