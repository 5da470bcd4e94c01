import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { ROOT } from '../../src/app/config.ts'
import { axeFaults, chromiumPath, noChromium, openChromium, sideways, visit } from './chromium.ts'
import { startProduct, type Product } from './product.ts'

const LOOKS = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
} as const
const eventually = { timeout: 20_000, interval: 100 }
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 })

let product: Product
let browser: Browser

beforeEach(({ skip }) => skip(chromiumPath === null, noChromium))
beforeAll(async () => {
  if (chromiumPath === null) return
  const boards = fileURLToPath(new URL('boards', import.meta.url))
  product = await startProduct({ HANDOVER_CONNECTORS: [join(ROOT, 'connectors'), boards].join() })
  for (const slug of ['sampler', 'library']) {
    await product.ask(
      `mutation { createSource(input: { slug: "${slug}", title: "The ${slug}", connector: "${slug}", config: {} }) { slug } }`,
    )
    await vi.waitUntil(async () => (await product.ask(`{ source(slug: "${slug}") { lastSuccess { id } } }`)).source.lastSuccess, eventually)
  }
  browser = await openChromium()
})
afterAll(async () => {
  await browser?.close()
  await product?.[Symbol.asyncDispose]()
})

const open = (path: string, options = {}) => visit(browser, product.url + path, options)
/** Every link that says whose data it is: where it leads, and how. */
const links = (page: Page, host: string) =>
  page.locator(`a[href^="https://${host}"]`).evaluateAll((all) => all.map((one) => [one.getAttribute('target'), one.getAttribute('rel')]))

describe('a first dashboard', () => {
  it.each<[string, keyof typeof LOOKS, string[]]>([
    ['sampler/waits', 'phone', ['Mechanica has the highest wait on average', 'Open: yes makes up', 'Wait is below']],
    ['sampler/first', 'light', ['Loke has the highest wait: 40\u00a0minutes', 'Wait is below']],
    ['sampler/prices', 'dark', ['SE4 has the highest price on average', 'Price is below']],
    ['sampler/rates', 'phone', ['Rate was highest on 14 June 2026: 11.5\u00a0SEK', 'Rate is below']],
    ['sampler/words', 'dark', ['Six of 40 rows']],
    ['sampler/readings', 'phone', ['Weight is below', 'Three numbers, from lowest to highest']],
    ['sampler/parts', 'light', ['Northern Works', 'Price is below']],
    ['sampler/shows', 'phone', ['Channel: several are equally common', 'Length is below', 'Six of 30 rows']],
    ['library/branches', 'dark', ['have fewer than 170 seats', 'Two numbers, from lowest to highest']],
    ['library/loans', 'phone', ['About 24 each day', 'Time is below 16\u00a0days']],
    ['library/hours', 'light', ['Monday is the most common', 'Six of 200 rows']],
  ])('of %s, %s, says %j, for everybody, without a blank part', async (name, look, titles) => {
    const { page, outside, complaints } = await open(`/data/${name}`, LOOKS[look])
    const found = await page.locator('#dashboard .tile h3').allInnerTexts()
    expect(found).toEqual(titles.map((title) => expect.stringContaining(title)))
    const bodies = page.locator('#dashboard .tile-body')
    for (const height of await bodies.evaluateAll((all) => all.map((one) => one.clientHeight))) expect(height).toBeGreaterThan(60)
    expect(await axeFaults(page)).toEqual([])
    expect([...outside, ...complaints]).toEqual([])
    expect(await sideways(page)).toBe(0)
    await page.context().close()
  })

  it('shows what names a thing digit by digit, and says nothing of zones under calendar dates', async () => {
    const { page } = await open('/data/library/loans')
    const words = await page.locator('main').innerText()
    expect(words).toContain('50001 to 50120')
    expect(words).toContain('902000 to 902089')
    expect(words).not.toContain('UTC')
    expect(words).not.toMatch(/\bmean\b/)
    await page.context().close()
  })

  it('counts weekdays in the order of the week', async () => {
    const { page } = await open('/data/library/hours')
    const days = await page.locator('#dashboard .shares .label').allInnerTexts()
    expect(days).toEqual(['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'])
    await page.context().close()
  })

  it('follows a line by keyboard, and has all its values as a table', async () => {
    const { page } = await open('/data/sampler/rates')
    const chart = page.locator('[role=application][aria-label^="Line chart"]')
    await chart.focus()
    await page.keyboard.press('Home')
    await expect.poll(() => chart.locator('[aria-live]').innerText(), eventually).toBe('11.2\u00a0SEK, 1 June 2026')
    await page.keyboard.press('t')
    await expect.poll(() => page.locator('#dashboard tbody tr').count(), eventually).toBe(60)
    await page.context().close()
  })

  it('has a picture on its card, with the unit of what is drawn', async () => {
    const { page } = await open('/')
    const card = (title: string) => page.locator('article.card', { has: page.getByRole('link', { name: title, exact: true }) })
    for (const [title, text] of [
      ['Prices', 'Price, SEK/kWh'],
      ['Waiting times', 'Wait, minutes'],
      ['Readings', 'Weight, kg'],
      ['Words', 'Word 9'],
    ] as const) {
      await expect.poll(() => card(title).innerText(), eventually).toContain(text)
    }
    await page.context().close()
  })
})

describe('whose data it is', () => {
  it.each<[string, keyof typeof LOOKS]>([
    ['/', 'phone'],
    ['/', 'dark'],
    ['/sources/new', 'phone'],
    ['/sources/sampler', 'dark'],
    ['/data/sampler/waits', 'light'],
  ])('stands on %s, %s, with links that open beside it', async (path, look) => {
    const { page, outside } = await open(path, LOOKS[look])
    await expect.poll(() => page.locator('main').innerText(), eventually).toContain('Powered by Sampler')
    expect(await page.locator('main').innerText()).toContain('licence CC BY 4.0')
    const found = await links(page, 'sampler.example')
    expect(found.length).toBeGreaterThanOrEqual(2)
    expect(found.every(([target, rel]) => target === '_blank' && rel?.includes('noopener'))).toBe(true)
    expect(await axeFaults(page)).toEqual([])
    expect(outside).toEqual([])
    expect(await sideways(page)).toBe(0)
    await page.context().close()
  })

  it('stands with every picture of the data, and with what a file says about its folder', async () => {
    const { page } = await open('/data/earthquakes/earthquakes')
    const feet = await page.locator('#dashboard .tile-foot').allInnerTexts()
    expect(feet).toHaveLength(4)
    for (const foot of feet) expect(foot.replace(/\s+/g, ' ')).toMatch(/Data: U\.S\. Geological Survey.* licence public domain/)
    await page.context().close()
  })

  it('is not said where the data are nobody else’s', async () => {
    const { page } = await open('/tracking/users')
    expect(await page.locator('main').innerText()).not.toContain('licence')
    await page.context().close()
  })
})
