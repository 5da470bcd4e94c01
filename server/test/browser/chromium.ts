import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core'

const PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]
const FLAGS =
  '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Where Chromium is: `CHROMIUM_PATH`, or one of the usual places; null when there is none. */
export const chromiumPath =
  (process.env['CHROMIUM_PATH'] ? [process.env['CHROMIUM_PATH']] : PLACES).find((path) => existsSync(path)) ?? null
/** Why a browser test is skipped. */
export const noChromium = 'there is no Chromium here; install it or set CHROMIUM_PATH'

/** Starts a headless Chromium that does nothing by itself on the network. */
export const openChromium = (): Promise<Browser> => chromium.launch({ executablePath: chromiumPath!, args: FLAGS.split(' ') })

/** A page together with what a visitor must never cause. */
export interface Visit {
  readonly page: Page
  /** Requests to another host than the product's. */
  readonly outside: string[]
  /** Errors and warnings of the console, and exceptions. */
  readonly complaints: string[]
  /** Bytes of JavaScript as they came over the wire, compressed. */
  scriptBytes(): Promise<number>
}

/** Opens an address in a window of its own: cold cache, no cookies. */
export async function visit(browser: Browser, address: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({
    locale: 'en-GB',
    timezoneId: 'Europe/Stockholm',
    viewport: { width: 1280, height: 900 },
    ...options,
  })
  const page = await context.newPage()
  const [outside, complaints, scripts]: [string[], string[], Promise<number>[]] = [[], [], []]
  const { host } = new URL(address)
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (url.protocol.startsWith('http') && url.host !== host) outside.push(request.url())
  })
  page.on('requestfinished', (request) => {
    if (request.resourceType() === 'script') scripts.push(request.sizes().then((sizes) => sizes.responseBodySize))
  })
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.goto(address, { waitUntil: 'networkidle' })
  return { page, outside, complaints, scriptBytes: async () => (await Promise.all(scripts)).reduce((sum, size) => sum + size, 0) }
}

/** How many pixels the page is wider than the window. */
export const sideways = (page: Page): Promise<number> =>
  page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')

const RUN_AXE = `axe.run().then(({ violations }) =>
  violations.map((rule) => rule.id + ': ' + rule.help + ' at ' + rule.nodes.map((node) => node.target.join(' ')).join(', ')))`

/** Waits for transitions and animations that have an end. */
const ARRIVED =
  'Promise.allSettled(document.getAnimations().filter(({ effect }) => effect.getComputedTiming().endTime !== Infinity).map((each) => each.finished))'

/** What axe finds against WCAG A and AA and its best practices, one line per rule. */
export async function axeFaults(page: Page): Promise<string[]> {
  await page.evaluate(AXE)
  // On a busy machine a colour may still be on its way.
  await page.evaluate(ARRIVED)
  return page.evaluate(RUN_AXE)
}
