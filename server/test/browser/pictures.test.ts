import { readFileSync } from 'node:fs'
import { beforeEach, expect, it } from 'vitest'
import { PAGES, WIDE, wordsOf } from '../../../scripts/picture-pages.mjs'
import { chromiumPath, noChromium, openChromium } from './chromium.ts'
import { startProduct } from './product.ts'

beforeEach(({ skip }) => skip(chromiumPath === null, noChromium))

it('the pictures in the docs show the words that the pages have', { timeout: 120_000 }, async () => {
  await using product = await startProduct()
  const browser = await openChromium()
  const context = await browser.newContext(WIDE)
  const page = await context.newPage()
  const words = async () => {
    const found: Record<string, string[]> = {}
    for (const [name, { path }] of Object.entries(PAGES)) {
      await page.goto(product.url + path, { waitUntil: 'networkidle' })
      found[name] = await wordsOf(page)
    }
    return found
  }
  const taken: unknown = JSON.parse(readFileSync(new URL('../../../docs/pictures/words.json', import.meta.url), 'utf8'))
  // A load that runs just now is told on every page.
  await expect.poll(words, { timeout: 60_000, message: 'run node scripts/node.mjs scripts/screenshots.mjs' }).toEqual(taken)
  await browser.close()
})
