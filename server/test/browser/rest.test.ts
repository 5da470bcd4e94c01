import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { axeFaults, chromiumPath, noChromium, openChromium, sideways, visit } from './chromium.ts'
import { startFakeApi, TOKEN, type FakeApi } from './fake-api.ts'
import { startProduct, type Product } from './product.ts'

const ORDERS = 23
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const eventually = { timeout: 20_000, interval: 100 }
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 })

let product: Product
let browser: Browser
let api: FakeApi

beforeEach(({ skip }) => skip(chromiumPath === null, noChromium))
beforeAll(async () => {
  if (chromiumPath === null) return
  api = await startFakeApi()
  product = await startProduct({ HANDOVER_PRIVATE_HOSTS: api.host })
  browser = await openChromium()
})
afterAll(async () => {
  await browser?.close()
  await product?.[Symbol.asyncDispose]()
  await api?.[Symbol.asyncDispose]()
})

const open = (path: string, options = {}) => visit(browser, product.url + path, options)
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const formText = (page: Page) => page.locator('form').innerText()
const textOf = (page: Page) => page.locator('[name="config.definition"]').inputValue()

/** From the filled-in settings to the page of the added source. */
async function finish(page: Page, slug: string): Promise<void> {
  const asked: string[] = []
  page.on('request', (request) => asked.push(new URL(request.url()).pathname))
  await button(page, 'Test it').click()
  await expect.poll(() => page.locator('h2:focus').innerText(), eventually).toBe('It answers')
  await button(page, 'Look at ten rows').click()
  await expect.poll(() => page.locator('tbody tr').count(), eventually).toBeGreaterThanOrEqual(10)
  await button(page, 'Looks right').click()
  // Each question is put once: an answer must not be asked for again while it is taken in.
  expect(asked.filter((path) => /(?:test|preview)$/.test(path))).toEqual(['/sources/new/test', '/sources/new/preview'])
  await page.getByLabel('Name', { exact: true }).fill(slug)
  await page.getByText('Its address will be').getByText(slug, { exact: true }).waitFor()
  await button(page, 'Add it and load now').click()
  await page.waitForURL(`**/sources/${slug}?added`)
  await expect
    .poll(async () => (await product.ask(`{ source(slug: "${slug}") { lastSuccess { id } } }`)).source.lastSuccess, eventually)
    .toBeTruthy()
}

describe('a source without code', () => {
  it('is added through its form, without a line of YAML', async () => {
    const { page, outside, complaints } = await open('/sources/new')
    await page.getByRole('radio', { name: /Web API/ }).check()
    await button(page, 'Use Web API (REST)').click()
    await page.getByLabel('Address of the API').fill(`${api.url}/`)
    await page.getByLabel('Who asks').selectOption({ label: 'By a token (bearer)' })
    await page.getByLabel('Path').fill('/ordrs')
    await page.getByLabel('Pages').selectOption({ label: 'Pages are numbered' })
    await page.getByLabel('Records on a page').fill('10')
    await button(page, 'Test it').click()
    await expect.poll(() => formText(page), eventually).toContain('Missing: the token, because the definition says auth: bearer.')
    await page.getByLabel('Key or password').fill(TOKEN)
    await button(page, 'Test it').click()
    const path = page.getByLabel('Path')
    await expect.poll(() => path.getAttribute('aria-invalid'), eventually).toBe('true')
    expect(await formText(page)).toContain(`The API has nothing at ${api.url}/ordrs?page=1.`)
    await path.fill('/orders')
    expect(await path.getAttribute('aria-invalid')).toBeNull()

    await page.getByLabel('Records are in').fill('items')
    await button(page, 'Test it').click()
    const records = page.getByLabel('Records are in')
    await expect.poll(() => records.getAttribute('aria-invalid'), eventually).toBe('true')
    expect(await formText(page)).toContain('There is no list at items. The answer has lists at: data.items, data.warnings.')
    await records.fill('data.items')

    await button(page, 'Add a column').click()
    await page.getByLabel('Name of the column').fill('total')
    await page.keyboard.press('Tab')
    await page.getByLabel('Where in the record').fill('amounts.total')
    await page.getByLabel('Type').fill('decimal(12,2)')
    await page.getByLabel('Unit').fill('SEK')
    expect(await textOf(page)).toContain('      total:\n        path: amounts.total\n        type: decimal(12,2)\n        unit: SEK\n')
    // The comments of the example are still there.
    expect(await textOf(page)).toContain('# Each stream is a list of the API and becomes a table.')
    await finish(page, 'shop-orders')

    const { shopOrders } = (await product.ask('{ shopOrders { orders(first: 2) { totalCount nodes { id total buyer_email } } } }')) as {
      shopOrders: { orders: { totalCount: number; nodes: unknown[] } }
    }
    expect(shopOrders.orders.totalCount).toBe(ORDERS)
    expect(shopOrders.orders.nodes[0]).toEqual({ id: 1, total: '10.50', buyer_email: 'buyer1@example.org' })
    expect([outside, complaints]).toEqual([[], []])
    await page.context().close()
  })

  it('is added as text, with every mistake marked at its line and beside its field, and changed later', async () => {
    const { page, complaints } = await open('/sources/new?step=2&connector=rest')
    await button(page, 'Text (YAML)').click()
    const area = page.getByLabel('What to read, as text')
    const right = `# Our shop\nurl: ${api.url}\nauth: { kind: bearer }\nstreams:\n  orders:\n    path: /orders # all\n    records: data.items\n    paging: { kind: page, size: 10 }\n  lines:\n    parent: orders\n    path: /orders/{parent.id}/lines\n`
    await area.fill(right.replace('kind: bearer', 'kind: bearr').replace('parent: orders', 'parent: ordrs'))
    await page.getByLabel('Key or password').fill(TOKEN)
    await button(page, 'Test it').click()
    await expect.poll(() => formText(page), eventually).toContain('Line 3, column 15: “bearr” is not known here. Did you mean bearer?')
    await button(page, 'Line 3, column 15').click()
    expect(await page.evaluate(`document.querySelector('textarea').selectionStart`)).toBe(right.indexOf('bearer'))
    await button(page, 'Form').click()
    const who = page.getByLabel('Who asks')
    expect(await who.getAttribute('aria-invalid')).toBe('true')
    await who.selectOption({ label: 'By a token (bearer)' })
    expect(await who.getAttribute('aria-invalid')).toBeNull()
    await button(page, 'Test it').click()
    await expect.poll(() => formText(page), eventually).toContain('There is no stream “ordrs”. Did you mean orders?')
    await page.getByLabel('Once for each row of').last().fill('orders')
    expect(await textOf(page)).toBe(right)
    await finish(page, 'by-text')
    const { source } = await product.ask('{ source(slug: "by-text") { config datasets { name rows } } }')
    expect(source.datasets).toEqual([
      { name: 'lines', rows: ORDERS * 2 },
      { name: 'orders', rows: ORDERS },
    ])
    expect(source.config).toEqual({ definition: right, secret: 'set' })

    await button(page, 'Change the settings').click()
    await button(page, 'Form').click()
    await page.getByText('orders', { exact: true }).first().click()
    await page
      .getByText(/^More: title/)
      .first()
      .click()
    await page.getByLabel('Title').first().fill('All orders')
    await button(page, 'Test them').click()
    await page.getByText('It works.').waitFor()
    await button(page, 'Save the settings').click()
    await button(page, 'Change the settings').waitFor()
    const { source: changed } = await product.ask('{ source(slug: "by-text") { config datasets { name title } } }')
    expect(changed.config.definition).toBe(right.replace('size: 10 }\n', 'size: 10 }\n    title: All orders\n'))
    expect(changed.datasets[1].title).toBe('All orders')
    expect(complaints).toEqual([])
    await page.context().close()
  })

  it.each([{}, { colorScheme: 'dark' }, PHONE])('can be filled in by everybody, as form and as text (%o)', async (look) => {
    const { page } = await open('/sources/new?step=2&connector=rest', look)
    await button(page, 'Add a column').click()
    await page.getByRole('button', { name: 'Use: Only what changed' }).click()
    await button(page, 'Add a value').click()
    for (const more of await page.getByText(/^More:/).all()) await more.click()
    expect(await axeFaults(page)).toEqual([])
    expect(await sideways(page)).toBe(0)
    await button(page, 'Test it').click()
    await expect.poll(() => formText(page), eventually).toContain('not right yet')
    expect(await axeFaults(page)).toEqual([])
    await button(page, 'Text (YAML)').click()
    expect(await axeFaults(page)).toEqual([])
    expect(await sideways(page)).toBe(0)
    await page.context().close()
  })

  it('fetches what reads YAML only where it is needed', async () => {
    const scripts = async (path: string) => {
      const { page } = await open(path)
      const found = await page.evaluate(
        `performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('.js')).map(({ name }) => name)`,
      )
      const texts = await Promise.all((found as string[]).map(async (name) => (await fetch(name)).text()))
      await page.context().close()
      return texts.some((text) => text.includes('BLOCK_AS_IMPLICIT_KEY'))
    }
    expect([await scripts('/sources/new?step=2&connector=files'), await scripts('/sources/new?step=2&connector=rest')]).toEqual([
      false,
      true,
    ])
  })
})
