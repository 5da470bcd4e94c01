import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { axeFaults, chromiumPath, noChromium, openChromium, sideways, visit } from './chromium.ts'
import { startProduct, type Product } from './product.ts'

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const LOOKS = [{ colorScheme: 'light' }, { colorScheme: 'dark' }, PHONE] as const
const QUAKES = '/how-it-works/earthquakes/earthquakes'
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

const open = (path: string, options = {}) => visit(browser, product.url + path, options)

describe('how it works', () => {
  it('leads from all sources to one row and its raw answer, in plain words and in exact ones', async () => {
    const { page, outside, complaints } = await open('/')
    await page.getByRole('link', { name: 'How it works' }).first().click()
    await expect.poll(() => page.locator('h1').innerText(), eventually).toContain('How it works')
    await page.getByRole('link', { name: 'Earthquakes', exact: true }).last().click()
    await expect.poll(() => page.locator('h1').innerText(), eventually).toBe('How Earthquakes works')
    const told = () => page.getByRole('region', { name: 'From the source to the screen' }).innerText()
    expect(await told()).toContain('1,707')
    expect(await told()).toContain('kept word for word')
    expect(await told()).not.toContain('handover_lake_part')
    await page.getByRole('link', { name: 'Technical' }).click()
    await expect.poll(told, eventually).toContain('handover_lake_part')
    expect(await told()).toContain('read 1,707 = transformed 1,707 + filtered 0 + quarantined 0.')
    await page.getByRole('button', { name: 'See the raw answer' }).click()
    await expect.poll(() => page.getByRole('dialog').innerText(), eventually).toContain('What the source said about')
    expect([outside, complaints]).toEqual([[], []])
    await page.context().close()
  })
})

describe('notes', () => {
  it('are left where they matter, seen there and in the dictionary, and removed again', async () => {
    const { page, complaints } = await open(`${QUAKES}#notes`)
    await page.getByText('Leave a note on Earthquakes').click()
    await page.getByLabel('What should whoever comes next know?').fill('Below 2.5 the list is not complete.')
    await page.getByLabel('About', { exact: true }).selectOption('mag')
    await page.getByLabel('Your name').fill('Maja')
    await page.getByRole('button', { name: 'Leave the note' }).click()
    const notes = page.locator('#notes')
    await expect.poll(() => notes.innerText(), eventually).toContain('Below 2.5 the list is not complete.')
    expect(await notes.innerText()).toMatch(/About the column mag\.\s+Maja/)
    for (const path of ['/data/earthquakes/earthquakes', '/sources/earthquakes', '/notes', '/dictionary?q=complete']) {
      await page.goto(product.url + path, { waitUntil: 'networkidle' })
      expect(await page.locator('main').innerText()).toContain('Below 2.5 the list is not complete.')
    }
    await page.goto(`${product.url}/notes`)
    await page.getByRole('button', { name: 'Remove the note' }).click()
    await expect.poll(() => page.locator('main').innerText(), eventually).toContain('Nobody has left a note yet.')
    expect(complaints).toEqual([])
    await page.context().close()
  })

  it('can be left without JavaScript, and never lead to another host', async () => {
    const { page } = await open(`${QUAKES}#notes`, { javaScriptEnabled: false })
    await page.getByText('Leave a note on Earthquakes').click()
    await page.getByLabel('What should whoever comes next know?').fill('Written without script.')
    await page.getByRole('button', { name: 'Leave the note' }).click()
    expect(new URL(page.url()).pathname).toBe(QUAKES)
    expect(await page.locator('#notes').innerText()).toContain('Written without script.')
    await page
      .locator('input[name=back]')
      .first()
      .evaluate((input: { value: string }) => void (input.value = '//example.org/'))
    await page.getByRole('button', { name: 'Remove the note' }).click()
    expect(page.url()).toBe(`${product.url}/notes`)
    await page.context().close()
  })
})

describe('the dictionary', () => {
  it('finds columns by what they mean, also by its address, and counts what they hold', async () => {
    const { page, complaints } = await open('/dictionary?q=stations')
    await expect.poll(() => page.locator('tbody').innerText(), eventually).toContain('3 to 125')
    expect(await page.locator('tbody tr').count()).toBeGreaterThan(0)
    await page.getByLabel('Search tables and columns').fill('personal')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.getByRole('status').first().innerText(), eventually).toMatch(/3 columns of 27 found for “personal”/)
    await page.getByLabel('Search tables and columns').fill('no such thing')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.locator('main').innerText(), eventually).toContain('Nothing is called that')
    expect(complaints).toEqual([])
    await page.context().close()
  })
})

it.each(['/how-it-works', QUAKES, `${QUAKES}?words=technical`, '/dictionary', '/notes', '/pack', '/loads'])(
  '%s is served to everybody: light, dark, phone, keyboard and screen reader',
  async (path) => {
    for (const look of LOOKS) {
      const { page, outside, complaints } = await open(path, look)
      expect({ faults: await axeFaults(page), wide: await sideways(page), outside, complaints }).toEqual({
        ...{ faults: [], wide: 0, outside: [], complaints: [] },
      })
      await page.context().close()
    }
  },
)

describe('a receipt', () => {
  it('is had by a click on a column, and by keyboard, with statement, load and raw record', async () => {
    const { page, outside, complaints } = await open('/data/earthquakes/earthquakes')
    const chart = page.getByRole('application', { name: /^Column chart/ }).first()
    await chart.scrollIntoViewIfNeeded()
    await chart.focus()
    await page.keyboard.press('End')
    await page.keyboard.press('ArrowLeft')
    const said = await chart.locator('[aria-live]').innerText()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: /^[\d,]+$/ })
    await expect.poll(() => dialog.innerText(), eventually).toContain('of the 1,707 in Earthquakes, from Earthquakes, loaded on')
    expect(await dialog.getByRole('heading').innerText()).toBe(said.split(' ')[0])
    await dialog.getByRole('button', { name: 'SQL' }).click()
    expect(await dialog.innerText()).toContain('SELECT count(*) AS "value" FROM "earthquakes__earthquakes" WHERE')
    await dialog.getByText('What the source said about one of them').click()
    expect(await dialog.getByLabel('Raw record').innerText()).toContain('2018-02')
    expect(await axeFaults(page)).toEqual([])
    await page.keyboard.press('Escape')
    await expect.poll(() => dialog.count(), eventually).toBe(0)
    await chart.click({ position: { x: 300, y: 120 } })
    await expect.poll(() => dialog.innerText(), eventually).toContain('of the 1,707 in Earthquakes')
    await page.getByRole('link', { name: 'The load that counted last' }).click()
    await expect.poll(() => page.locator('h1').innerText(), eventually).toContain('Earthquakes was loaded')
    expect([outside, complaints]).toEqual([[], []])
    await page.context().close()
  })
})
