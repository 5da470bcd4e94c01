// Takes the pictures of docs/pictures from the running product, on a fresh data folder, and writes down the words that stand on the pages.
// Usage: node scripts/node.mjs scripts/screenshots.mjs [folder to write to]
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build } from './build.mjs'
import { PAGES, WIDE, wordsOf } from './picture-pages.mjs'
import { firstLoads, openChromium, startProduct } from './product.mjs'
import { root } from './tools.mjs'

const LOOKS = {
  light: { width: 1280, colorScheme: 'light' },
  dark: { width: 1280, colorScheme: 'dark' },
  phone: { width: 390, height: 844, colorScheme: 'light', isMobile: true },
}

async function take(browser, address, target) {
  const words = {}
  for (const [look, { width, height, ...options }] of Object.entries(LOOKS)) {
    for (const [name, page] of Object.entries(PAGES)) {
      const viewport = { width, height: height ?? page.height }
      const context = await browser.newContext({ ...WIDE, ...options, viewport })
      const window = await context.newPage()
      await window.goto(address + page.path, { waitUntil: 'networkidle' })
      await window.screenshot({ path: join(target, `${name}-${look}.png`) })
      if (look === 'light') words[name] = await wordsOf(window)
      await context.close()
    }
  }
  writeFileSync(join(target, 'words.json'), `${JSON.stringify(words, null, 2)}\n`)
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
