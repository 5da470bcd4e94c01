import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { ROOT } from '../../src/app/config.ts'
import { axeFaults, chromiumPath, noChromium, openChromium, sideways, visit } from './chromium.ts'
import { startProduct, type Product } from './product.ts'

const LIGHT = { colorScheme: 'light' } as const
const DARK = { colorScheme: 'dark' } as const
const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true }
const eventually = { timeout: 20_000, interval: 50 }
vi.setConfig({ testTimeout: 60_000, hookTimeout: 90_000 })

let product: Product
let browser: Browser
/** Ids of loads that ended in each way, of the source `gate`. */
const loads = { succeeded: '', failed: '', held: '' }

beforeEach(({ skip }) => skip(chromiumPath === null, noChromium))
beforeAll(async () => {
  if (chromiumPath === null) return
  const folders = ['connectors', 'server/test/browser/connectors'].map((folder) => join(ROOT, folder))
  product = await startProduct({ HANDOVER_CONNECTORS: folders.join(), HANDOVER_LOG: 'error' })
  browser = await openChromium()
  await create('gate', '{ rows: 40 }')
  loads.succeeded = (await ended('gate')).id
  loads.failed = await after('{ fail: true, rows: 40 }')
  loads.held = await after('{ rows: 12 }')
})
afterAll(async () => {
  await browser?.close()
  await product?.[Symbol.asyncDispose]()
})

const create = (slug: string, config: string) =>
  product.ask(
    `mutation { createSource(input: { slug: "${slug}", title: "The ${slug}", connector: "turnstile", config: ${config} }) { slug } }`,
  )

async function last(slug: string): Promise<{ id: string; state: string; trigger: string }> {
  return (await product.ask(`{ loads(source: "${slug}", first: 1) { nodes { id state trigger } } }`)).loads.nodes[0]
}

/** The last load of a source, once it has ended. */
const ended = (slug: string) =>
  vi.waitUntil(async () => {
    const load = await last(slug)
    return !['QUEUED', 'RUNNING'].includes(load.state) && load
  }, eventually)

/** Changes how the source `gate` behaves, loads it, and gives that load. */
async function after(config: string): Promise<string> {
  await product.ask(`mutation { updateSource(slug: "gate", input: { config: ${config} }) { slug } }`)
  await product.ask('mutation { loadNow(source: "gate") { id } }')
  return (await ended('gate')).id
}

/** Makes a source whose load waits after its first page, and opens its page once it runs. The answer lets it go on. */
async function waiting(slug: string) {
  await create(slug, `{ until: "${slug}", rows: 3 }`)
  await vi.waitUntil(async () => (await last(slug)).state === 'RUNNING', eventually)
  const visited = await open(`/loads/${(await last(slug)).id}`)
  const letThrough = async () => {
    await mkdir(join(product.folder, 'files'), { recursive: true })
    await writeFile(join(product.folder, 'files', slug), '')
  }
  return { ...visited, letThrough }
}

const open = (path: string, options = {}) => visit(browser, product.url + path, { ...options })
const heading = (page: Page) => page.locator('h1').innerText()
const close = (page: Page) => page.context().close()

describe('a load that runs', () => {
  it('is watched to its end without a reload, and says its state aloud', async () => {
    const { page, complaints, outside, letThrough } = await waiting('slow')
    expect(await heading(page)).toBe('The slow is loading')
    await page.evaluate('window.same = true')
    const extracted = page.locator('ol li', { hasText: 'Extract' }).locator('.big')
    await expect.poll(() => extracted.innerText(), eventually).toBe('21')
    expect(await axeFaults(page)).toEqual([])
    await letThrough()
    await expect.poll(() => heading(page), eventually).toMatch(/^The slow was loaded in/)
    expect(await extracted.innerText()).toBe('44')
    expect(await page.locator('[role=status]').first().innerText()).toMatch(/^The slow was loaded in/)
    expect(await page.getByText('It balances exactly.').count()).toBe(2)
    await expect.poll(() => page.getByText('Done. Everything the source had is in the tables.').count(), eventually).toBe(1)
    expect(await page.evaluate('window.same')).toBe(true)
    expect([complaints, outside]).toEqual([[], []])
    await close(page)
  })

  it('is heard of over the stream alone', async () => {
    const { page, letThrough } = await waiting('heard')
    await page.route('**/pulse', (route) => route.fulfill({ json: { state: 'always the same', running: false } }))
    await page.reload()
    await expect.poll(() => page.locator('.big').first().innerText(), eventually).toBe('21')
    await letThrough()
    await expect.poll(() => heading(page), eventually).toMatch(/^The heard was loaded in/)
    await close(page)
  })

  it('is asked for where no stream comes through', async () => {
    const { page, letThrough } = await waiting('asked')
    await page.route('**/graphql/stream*', (route) => route.abort())
    await page.reload()
    await expect.poll(() => page.locator('.big').first().innerText(), eventually).toBe('21')
    await letThrough()
    await expect.poll(() => heading(page), eventually).toMatch(/^The asked was loaded in/)
    await close(page)
  })

  it('is stopped only after a second word, and says that it was', async () => {
    const { page } = await waiting('shut')
    await page.getByRole('button', { name: 'Stop this load' }).click()
    await page.getByRole('button', { name: 'Let it run' }).click()
    expect((await last('shut')).state).toBe('RUNNING')
    await page.getByRole('button', { name: 'Stop this load' }).click()
    expect(await axeFaults(page)).toEqual([])
    await page.getByRole('button', { name: 'Stop it' }).click()
    await expect.poll(() => heading(page), eventually).toBe('This load of The shut was stopped')
    expect((await last('shut')).state).toBe('CANCELLED')
    await close(page)
  })
})

describe('the page of a load', () => {
  it('that failed says what is safe, what to try, and has the exact words for an engineer', async () => {
    const { page } = await open(`/loads/${loads.failed}`)
    const fault = page.locator('section', { hasText: 'The turnstile is stuck.' }).first()
    expect(await fault.innerText()).toContain('is safe and still shown')
    await fault.getByText('For the engineer').click()
    expect(await fault.locator('pre').innerText()).toContain('HTTP 503 from gate 4')
    expect(await fault.locator('pre').innerText()).toContain(loads.failed)
    await close(page)
  })

  it('that is held compares the lists, and takes the answer of a person without JavaScript', async () => {
    const { page } = await open(`/loads/${loads.held}`, { javaScriptEnabled: false })
    expect(await heading(page)).toBe('A load of The gate waits for you')
    const compared = await page.locator('section', { hasText: 'is much shorter' }).innerText()
    for (const rows of ['40', '28', '12']) expect(compared).toContain(rows)
    await page.getByRole('button', { name: 'Keep the rows of before' }).click()
    expect(await heading(page)).toBe('You kept the rows of The gate')
    expect((await product.ask('{ source(slug: "gate") { state } }')).source.state).not.toBe('HELD')
    await close(page)
  })

  it('that is held leads to the load that takes the new list', async () => {
    const held = await after('{ rows: 12 }')
    const { page } = await open(`/loads/${held}`)
    await page.getByRole('button', { name: 'Take the new list' }).click()
    await page.waitForURL((url) => url.pathname.startsWith('/loads/') && !url.pathname.endsWith(held))
    await expect.poll(() => heading(page), eventually).toMatch(/^The gate was loaded in/)
    const { dataset } = await product.ask('{ dataset(source: "gate", name: "prices") { rows } }')
    expect(dataset.rows).toBe(12)
    await page.getByRole('link', { name: 'The load before' }).click()
    await expect.poll(() => heading(page), eventually).toBe('You took the new list of The gate')
    await close(page)
  })

  it('that was held waits no more once a later load has succeeded', async () => {
    for (const config of ['{ rows: 40 }', '{ rows: 12 }', '{ rows: 40 }']) await after(config)
    const { loads: newest } = await product.ask('{ loads(source: "gate", first: 2) { nodes { id state waits } } }')
    expect(newest.nodes[1]).toMatchObject({ state: 'HELD', waits: false })
    const { page } = await open(`/loads/${newest.nodes[1].id}`)
    expect(await heading(page)).toBe('This load of The gate was held, and later ones took its place')
    expect(await page.locator('main').innerText()).not.toContain('Waits for you')
    await page.goto(`${product.url}/loads?source=gate`)
    expect(await page.locator('tbody').innerText()).toContain('Was held')
    expect(await page.locator('main').innerText()).not.toMatch(/waits for you/i)
    await close(page)
  })

  it('that has ended runs again, and shows the new one', async () => {
    const { page } = await open(`/loads/${loads.succeeded}`)
    await page.getByRole('button', { name: 'Run again' }).click()
    await page.waitForURL((url) => url.pathname.startsWith('/loads/') && !url.pathname.endsWith(loads.succeeded))
    expect(page.url()).toContain((await ended('gate')).id)
    await close(page)
  })
})

describe('the list of loads', () => {
  it('is narrowed in the address, says how much it shows of how much, and leads to each load', async () => {
    const { page } = await open('/loads')
    const { all } = await product.ask('{ all: loads(first: 1) { totalCount } }')
    expect(await page.locator('main').innerText()).toContain(`Showing ${all.totalCount} of ${all.totalCount} loads.`)
    await page.getByRole('button', { name: 'Add a filter' }).click()
    await page.getByLabel('Source').selectOption('gate')
    await page.getByLabel('How it went').selectOption('failed')
    await page.getByRole('button', { name: 'Show these loads' }).click()
    await page.waitForURL((url) => url.search === '?source=gate&state=failed')
    await expect.poll(() => page.locator('tbody tr:has(a)').count(), eventually).toBe(1)
    expect(await page.locator('main').innerText()).toContain(`There are ${all.totalCount} loads in all.`)
    await page.getByRole('link', { name: 'Remove: loads that failed' }).click()
    await page.waitForURL((url) => url.search === '?source=gate')
    await expect.poll(() => page.locator('tbody tr:has(a)').count(), eventually).toBeGreaterThan(3)
    await page.goto(`${product.url}/loads?state=failed`)
    await page.locator('tbody a').first().click()
    await page.waitForURL(`**/loads/${loads.failed}`)
    await close(page)
  })

  it('shows by itself a load that another person begins', async () => {
    const { page } = await open('/loads?source=users')
    const rows = page.locator('tbody tr:has(a)')
    const before = await rows.count()
    await product.ask('mutation { loadNow(source: "users") { id } }')
    await expect.poll(() => rows.count(), eventually).toBe(before + 1)
    await close(page)
  })

  it('says so when no load is like that', async () => {
    const { page } = await open('/loads?state=cancelled&source=users')
    expect(await page.locator('main').innerText()).toContain('No load is like that')
    await page.getByRole('link', { name: 'Show all loads' }).click()
    await page.waitForURL((url) => url.search === '')
    await close(page)
  })
})

describe.each([
  { look: 'light', options: LIGHT },
  { look: 'dark', options: DARK },
  { look: 'on a phone', options: PHONE },
])('the pages of loads, $look,', ({ options }) => {
  it('can be used by everybody, ask no other host and do not scroll sideways', async () => {
    const paths = ['/loads?source=gate&since=today', `/loads/${loads.failed}`, `/loads/${loads.held}`]
    for (const path of paths) {
      const { page, outside, complaints } = await open(path, options)
      expect([path, await axeFaults(page), outside, complaints, await sideways(page)]).toEqual([path, [], [], [], 0])
      await close(page)
    }
  })
})

describe('a long list of loads', () => {
  it('turns its pages to older loads and back', async () => {
    for (let count = 0; count < 52; count++) {
      await product.ask('mutation { loadNow(source: "users") { id } }')
      await ended('users')
    }
    const { page } = await open('/loads?source=users')
    const rows = page.locator('tbody tr:has(a)')
    expect(await rows.count()).toBe(50)
    const first = await page.locator('tbody a').first().getAttribute('href')
    await page.getByRole('link', { name: 'Older' }).click()
    await page.waitForURL((url) => url.searchParams.has('older'))
    await expect.poll(() => rows.count(), eventually).toBeLessThan(50)
    await page.getByRole('link', { name: 'Newer' }).click()
    await page.waitForURL((url) => url.searchParams.has('newer'))
    await expect.poll(() => page.locator('tbody a').first().getAttribute('href'), eventually).toBe(first)
    await close(page)
  })
})
