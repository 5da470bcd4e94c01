import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { axeFaults, chromiumPath, noChromium, openChromium, sideways, visit } from './chromium.ts'
import { startProduct, type Product } from './product.ts'

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const LOOKS = [{ colorScheme: 'light' }, { colorScheme: 'dark' }, PHONE] as const
const eventually = { timeout: 20_000, interval: 100 }
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 })

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

it('is searched while one types, leads to the section, and shows diagrams without asking another host', async () => {
  const { page, outside, complaints } = await visit(browser, `${product.url}/help`)
  await page.getByLabel('Search Help').pressSequentially('states of a load')
  await expect.poll(() => page.locator('h1').innerText(), eventually).toBe('Help on “states of a load”')
  expect(await page.evaluate('document.activeElement.id')).toBe('help-q')
  await page.getByRole('link', { name: 'States of a load' }).first().click()
  await expect.poll(() => page.url(), eventually).toBe(`${product.url}/help/technical#states-of-a-load`)
  const widths = () =>
    page
      .locator('.diagram img.on-light')
      .evaluateAll((pictures) => pictures.map((picture) => (picture as unknown as { naturalWidth: number }).naturalWidth))
  await expect.poll(async () => Math.min(...(await widths())), eventually).toBeGreaterThan(100)
  expect((await widths()).length).toBeGreaterThan(2)
  expect([outside, complaints]).toEqual([[], []])
  await page.context().close()
})

it('answers at an address without JavaScript, and says when a page is not there', async () => {
  const { page } = await visit(browser, `${product.url}/help?q=secret.key`, { javaScriptEnabled: false })
  expect(await page.locator('main').innerText()).toMatch(/\d+ places found/)
  await page.goto(`${product.url}/help/no-such-page`)
  expect(await page.locator('main').innerText()).toContain('There is no such page in Help.')
  await page.context().close()
})

it.each(['/help', '/help/technical', '/help/handover', '/help/reference/settings', '/help?q=backup'])(
  '%s is served to everybody: light, dark, phone, keyboard and screen reader',
  async (path) => {
    for (const look of LOOKS) {
      const { page, outside, complaints } = await visit(browser, product.url + path, look)
      expect({ faults: await axeFaults(page), wide: await sideways(page), outside, complaints }).toEqual({
        ...{ faults: [], wide: 0, outside: [], complaints: [] },
      })
      await page.context().close()
    }
  },
)
