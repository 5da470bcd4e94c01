import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { ROOT } from '../../src/app/config.ts'
import { axeFaults, chromiumPath, noChromium, openChromium, sideways, visit } from './chromium.ts'
import { startProduct, type Product } from './product.ts'

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const LOOKS = [{ colorScheme: 'light' }, { colorScheme: 'dark' }, PHONE] as const
const SHOPS = 14
const SECRET = 'correct-horse-battery-staple'
const folders = ['connectors', 'trying'].map((name) => fileURLToPath(new URL(`../api/${name}`, import.meta.url)))
const eventually = { timeout: 20_000, interval: 100 }
vi.setConfig({ testTimeout: 90_000, hookTimeout: 90_000 })

let product: Product
let browser: Browser

beforeEach(({ skip }) => skip(chromiumPath === null, noChromium))
beforeAll(async () => {
  if (chromiumPath === null) return
  product = await startProduct({ HANDOVER_CONNECTORS: [join(ROOT, 'connectors'), ...folders].join() })
  const folder = join(product.folder, 'files/shops')
  await mkdir(folder, { recursive: true })
  const lines = Array.from({ length: SHOPS }, (_, index) => `${index + 1},Shop ${index + 1},${index}.25`)
  await writeFile(join(folder, 'shops.csv'), `id,name,sum\n${lines.join('\n')}\n`)
  browser = await openChromium()
})
afterAll(async () => {
  await browser?.close()
  await product?.[Symbol.asyncDispose]()
})

const open = (path: string, options = {}) => visit(browser, product.url + path, options)
const button = (page: Page, name: string) => page.getByRole('button', { name })
/** Presses a button until its dialog stands: on a busy machine the first press may come before the page listens. */
async function opensDialog(page: Page, name: string): Promise<void> {
  const dialog = page.getByRole('dialog')
  const isThere = async () => {
    if (await dialog.isVisible()) return true
    await button(page, name).click()
    return dialog.isVisible()
  }
  await expect.poll(isThere, eventually).toBe(true)
}
/** Makes a source through the API, for what follows after. */
const made = async (slug: string) => {
  await product.ask(
    `mutation { createSource(input: { slug: "${slug}", title: "Shops ${slug}", connector: "files", config: { folder: "shops" } }) { slug } }`,
  )
  await expect
    .poll(async () => (await product.ask(`{ source(slug: "${slug}") { lastSuccess { id } } }`)).source.lastSuccess, eventually)
    .toBeTruthy()
}

describe('adding a source', () => {
  it('goes through five steps, mends what is wrong on the way, and ends at its first load', async () => {
    const { page, outside, complaints } = await open('/sources')
    await page.getByRole('link', { name: 'Add a source' }).click()
    await page.getByRole('radio', { name: /Files/ }).focus()
    await page.keyboard.press('Space')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.locator('h2:focus').innerText(), eventually).toBe('What should be read from Files?')

    await page.getByLabel('Folder', { exact: false }).first().fill('nowhere')
    await page.getByLabel('Only files named').fill('*.csv')
    await button(page, 'Test it').click()
    const folder = page.locator('[name="config.folder"]')
    await expect.poll(() => folder.getAttribute('aria-invalid'), eventually).toBe('true')
    expect(await page.locator('form').innerText()).toContain('There is no folder "nowhere" below the files folder.')
    expect(await folder.inputValue()).toBe('nowhere')
    expect(await page.getByLabel('Only files named').inputValue()).toBe('*.csv')

    await folder.fill('shops')
    await page.keyboard.press('Enter')
    await expect.poll(() => page.locator('h2:focus').innerText(), eventually).toBe('It answers')
    await button(page, 'Look at ten rows').click()
    await expect.poll(() => page.locator('tbody tr').count(), eventually).toBe(10)
    expect(await page.locator('form').innerText()).toContain('Showing the first 10 rows; the source has more.')
    await button(page, 'Looks right').click()

    await page.getByLabel('Name', { exact: true }).fill('Sources')
    await expect.poll(() => page.locator('form').innerText(), eventually).toContain('sources-2')
    await button(page, 'Choose another').click()
    await page.getByLabel('Address').fill('users')
    await expect.poll(() => page.locator('form').innerText(), eventually).toContain('There is a source called "users" already')
    await page.getByLabel('Address').fill('corner-shops')
    await page.getByRole('radio', { name: /Every few minutes/ }).check()
    await page.getByLabel('Every how many minutes').fill('0.5')
    await expect.poll(() => page.locator('form').innerText(), eventually).toContain('The interval must be')
    expect(await button(page, 'Add it and load now').isDisabled()).toBe(true)
    await page.getByLabel('Every how many minutes').fill('30')
    await expect.poll(() => page.locator('form').innerText(), eventually).toMatch(/Every 30 minutes\. The next 3 times/)
    expect(await product.ask('{ source(slug: "corner-shops") { slug } }')).toEqual({ source: null })

    await button(page, 'Add it and load now').click()
    await page.waitForURL('**/sources/corner-shops?added')
    await expect
      .poll(() => page.locator('main').innerText(), eventually)
      .toContain(`${SHOPS} records read, ${SHOPS} rows in its tables now`)
    const { source } = await product.ask('{ source(slug: "corner-shops") { title scheduleText datasets { rows } } }')
    expect(source).toEqual({ title: 'Sources', scheduleText: 'Every 30 minutes', datasets: [{ rows: SHOPS }] })
    expect([outside, complaints]).toEqual([[], []])
    await page.context().close()
  })

  it('survives a step back and a reload, but for its secrets, which stand nowhere afterwards', async () => {
    const { page } = await open('/sources/new?step=2&connector=shelf')
    const addresses: string[] = []
    page.on('request', (request) => addresses.push(request.url()))
    await page.getByLabel('Rows').fill('12')
    await page.getByLabel('Token').fill(SECRET)
    await button(page, 'Test it').click()
    await button(page, 'Look at ten rows').waitFor()
    await page.goBack()
    expect([await page.getByLabel('Rows').inputValue(), await page.getByLabel('Token').inputValue()]).toEqual(['12', SECRET])
    await page.goForward()
    await page.reload()
    await expect.poll(() => page.locator('form').innerText(), eventually).toContain('Type Token again')
    expect([await page.getByLabel('Rows').inputValue(), await page.getByLabel('Token').inputValue()]).toEqual(['12', ''])
    expect(await page.evaluate('JSON.stringify([{ ...sessionStorage }, { ...localStorage }, document.cookie])')).not.toContain(SECRET)

    await page.getByLabel('Token').fill(SECRET)
    await button(page, 'Test it').click()
    await button(page, 'Look at ten rows').click()
    await button(page, 'Looks right').click()
    await page.getByText('Its address will be').getByText('items', { exact: true }).waitFor()
    await button(page, 'Add it and load now').click()
    await page.waitForURL('**/sources/items?added')
    await expect.poll(() => page.locator('main').innerText(), eventually).toContain('has ended well')
    await button(page, 'Change the settings').click()
    expect(await page.getByLabel('Token').inputValue()).toBe('')
    const source = await (await fetch(`${product.url}/sources/items`)).text()
    const answer = await product.ask('{ source(slug: "items") { config } connectors { form { name defaultValue } } }')
    expect(answer.source.config).toMatchObject({ rows: 12, token: 'set' })
    const everything = [await page.content(), source, JSON.stringify(answer), product.said(), ...addresses]
    for (const text of everything) expect(text).not.toContain(SECRET)
    await page.context().close()
  })

  it('asks for every kind of setting, and says beside each what it wants', async () => {
    const { page } = await open('/sources/new?step=2&connector=kinds')
    const form = page.locator('form')
    await page.getByLabel('Headers').fill('{\n  "accept": "x",\n  b\n}')
    await button(page, 'Test it').click()
    await expect.poll(() => form.innerText(), eventually).toContain('This is not JSON. Look at line 3, column 3.')
    await page.getByLabel('Headers').fill('{ "accept": 1 }')
    await page.getByLabel('First').fill('many')
    await button(page, 'Test it').click()
    await expect.poll(() => form.locator('.err').allInnerTexts(), eventually).toHaveLength(4)
    const said = (await form.innerText()).replaceAll('\n', ' ')
    expect(said).toMatch(
      /Address.*Missing\. A full web address.*Token.*Missing\. Text.*First.*A whole number from 1 to 5000.*Headers.*At accept: /,
    )
    await page.getByLabel('Address').fill('https://example.org/orders')
    await page.getByLabel('Token').first().fill('wrong')
    await page.getByLabel('First').fill('30')
    await page.getByLabel('Mode').selectOption('online')
    await page.getByLabel('Deep').check()
    await page.getByLabel('Headers').fill('{ "accept": "x" }')
    await button(page, 'Test it').click()
    await expect.poll(() => form.innerText(), eventually).toContain('The shop does not know the token [removed].')
    await page.getByLabel('Token').first().fill('right')
    await button(page, 'Test it').click()
    await button(page, 'Look at ten rows').click()
    await expect.poll(() => form.innerText(), eventually).toContain('1 of 11 records would be set aside')
    expect(await axeFaults(page)).toEqual([])
    await page.context().close()
  })

  it('can stop a question that takes long', async () => {
    const { page } = await open('/sources/new?step=2&connector=shelf')
    await page.route('**/sources/new/test', () => {})
    await button(page, 'Test it').click()
    await button(page, 'Stop it').click()
    await expect.poll(() => page.locator('form').innerText(), eventually).toContain('You stopped it. Nothing was stored.')
    await page.unroute('**/sources/new/test')
    await button(page, 'Try again').click()
    await button(page, 'Look at ten rows').waitFor()
    await page.context().close()
  })
})

describe('a source', () => {
  it('is given another schedule and other settings, is paused and goes on', async () => {
    await made('edited')
    const { page } = await open('/sources/edited')
    await button(page, 'Change the schedule').click()
    await page.getByRole('radio', { name: /Every week/ }).check()
    await page.getByLabel('Time', { exact: true }).fill('18:30')
    await page.getByLabel('Time zone').fill('Nowhere')
    await expect.poll(() => page.locator('main').innerText(), eventually).toContain('as the IANA list does')
    await page.getByLabel('Time zone').fill('UTC')
    await expect.poll(() => page.locator('main').innerText(), eventually).toContain('Every Monday at 18:30, UTC.')
    await button(page, 'Save the schedule').click()
    await button(page, 'Change the schedule').waitFor()
    await button(page, 'Pause').click()
    await expect.poll(() => page.locator('main').innerText(), eventually).toContain('Paused: there is no next load.')

    await button(page, 'Change the settings').click()
    await page.locator('[name="config.key"]').fill('nothing')
    await button(page, 'Save the settings').click()
    await expect.poll(() => page.locator('main').innerText(), eventually).toContain('The key names a column "nothing"')
    await page.locator('[name="config.key"]').fill('id')
    await page.getByLabel('Name', { exact: true }).fill('Shops of the town')
    await button(page, 'Save the settings').click()
    await expect.poll(() => page.locator('h1').innerText(), eventually).toBe('Shops of the town')
    const asked = '{ source(slug: "edited") { title paused scheduleText config } }'
    expect((await product.ask(asked)).source).toMatchObject({
      title: 'Shops of the town',
      paused: true,
      scheduleText: 'Every Monday at 18:30, UTC',
      config: { folder: 'shops', key: 'id' },
    })
    await button(page, 'Go on').click()
    await expect.poll(async () => (await product.ask(asked)).source.paused, eventually).toBe(false)
    await page.context().close()
  })

  it('is removed and its tables are kept, until they are removed too', async () => {
    await made('left')
    const { page } = await open('/sources/left')
    await opensDialog(page, 'Remove it')
    expect(await page.getByRole('dialog').innerText()).toContain(`1 table with ${SHOPS} rows stays`)
    await button(page, 'Remove it and keep its tables').click()
    await page.waitForURL('**/sources?removed=left')
    const kept = page.locator('section[aria-labelledby=kept]')
    expect(await kept.innerText()).toContain(`1 table with ${SHOPS} rows`)
    await kept.getByText('Remove for good').click()
    await kept.getByRole('textbox').fill('lef')
    await kept.getByRole('button').click()
    await expect.poll(() => kept.innerText(), eventually).toContain('type the name of the source: left')
    await kept.getByRole('textbox').fill('left')
    await kept.getByRole('button').click()
    await expect.poll(() => page.locator('main').innerText(), eventually).toContain('The tables of left are removed for good.')
    await page.reload()
    expect(await page.locator('main').innerText()).toContain('The tables of left are removed for good.')
    expect((await product.ask('{ keptTables { table } }')).keptTables).toEqual([])
    await page.context().close()
  })

  it('is removed with its tables once its name is typed', async () => {
    await made('gone')
    const { page } = await open('/sources/gone')
    await opensDialog(page, 'Remove it')
    await page.getByRole('radio', { name: /Remove its tables too/ }).check()
    await button(page, `Remove it and ${SHOPS} rows`).click()
    await expect.poll(() => page.getByRole('dialog').innerText(), eventually).toContain('type the name of the source: gone')
    await page.getByLabel(/^Type gone/).fill('gone')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/sources?removed=gone')
    expect(await page.locator('main').innerText()).toContain('gone is removed, with its tables.')
    expect(await product.ask('{ source(slug: "gone") { slug } keptTables { table } }')).toEqual({ source: null, keptTables: [] })
    await page.context().close()
  })
})

describe.each(LOOKS)('with %j, the pages of sources', (look) => {
  it('can be used by everybody and do not scroll sideways', async () => {
    const { page, outside, complaints } = await open('/sources', look)
    const fine = async () => {
      expect(await axeFaults(page)).toEqual([])
      expect(await sideways(page)).toBe(0)
    }
    await fine()
    await page.goto(`${product.url}/sources/earthquakes`, { waitUntil: 'networkidle' })
    await fine()
    await button(page, 'Change the schedule').click()
    await button(page, 'Change the settings').click()
    await page.getByText('The next 3 times').waitFor()
    await fine()
    await page.goto(`${product.url}/sources/new`, { waitUntil: 'networkidle' })
    await fine()
    await page.getByRole('radio', { name: /Files/ }).check()
    await button(page, 'Use Files').click()
    await page.locator('[name="config.folder"]').fill('nowhere')
    await button(page, 'Test it').click()
    await page.getByText('One field is not right yet').waitFor()
    await fine()
    await page.locator('[name="config.folder"]').fill('shops')
    await button(page, 'Test it').click()
    await button(page, 'Look at ten rows').waitFor()
    await fine()
    await button(page, 'Look at ten rows').click()
    await button(page, 'Looks right').waitFor()
    await fine()
    await button(page, 'Looks right').click()
    await page.getByText('The next 3 times').waitFor()
    await fine()
    expect([outside, complaints]).toEqual([[], []])
    await page.context().close()
  })
})
