// Takes the pictures of docs/pictures from the running product, on a fresh data folder.
// Usage: node scripts/node.mjs scripts/screenshots.mjs [folder to write to]
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from './build.mjs'
import { firstLoads, openChromium, startProduct } from './product.mjs'
import { root } from './tools.mjs'

const PAGES = {
  overview: { path: '/', height: 1070 },
  tracking: { path: '/tracking/users', height: 1080 },
  dataset: { path: '/data/earthquakes/earthquakes', height: 1120 },
  how: { path: '/how-it-works/earthquakes/earthquakes', height: 1000 },
  dictionary: { path: '/dictionary?q=degrees', height: 900 },
}
const LOOKS = {
  light: { width: 1280, colorScheme: 'light' },
  dark: { width: 1280, colorScheme: 'dark' },
  phone: { width: 390, height: 844, colorScheme: 'light', isMobile: true },
}

async function take(browser, address, target) {
  for (const [look, { width, height, ...options }] of Object.entries(LOOKS)) {
    for (const [name, page] of Object.entries(PAGES)) {
      const viewport = { width, height: height ?? page.height }
      const context = await browser.newContext({
        ...options,
        viewport,
        locale: 'en-GB',
        timezoneId: 'Europe/Stockholm',
        reducedMotion: 'reduce',
      })
      const window = await context.newPage()
      await window.goto(address + page.path, { waitUntil: 'networkidle' })
      await window.screenshot({ path: join(target, `${name}-${look}.png`) })
      await context.close()
    }
  }
}

await build()
const target = resolve(process.argv[2] ?? join(root, 'docs/pictures'))
mkdirSync(target, { recursive: true })
const data = mkdtempSync(join(tmpdir(), 'handover-pictures-'))
const product = await startProduct(data)
const browser = await openChromium()
try {
  await firstLoads(product)
  await take(browser, product.address, target)
} finally {
  await browser.close()
  await product.stop()
  rmSync(data, { recursive: true, force: true })
}
