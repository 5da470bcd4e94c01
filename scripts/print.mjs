// Prints the one page for the product owner as a PDF of A4, with the look of the house.
// Usage: node scripts/node.mjs scripts/print.mjs
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { writeSite } from './docs-site.mjs'
import { openChromium } from './product.mjs'
import { root } from './tools.mjs'

const page = join(root, 'docs/product-owner/one-page.md')
const target = join(root, 'docs/product-owner/one-page.pdf')
const STYLE = `
@page { size: A4; margin: 14mm 16mm; }
html { font-size: 15px; }
.site { display: block; padding: 0; max-width: none; }
.prose { max-width: none; }
.prose .diagram img { max-width: 100%; }
.prose details { display: none; }
body { background: white; }
`

const site = mkdtempSync(join(tmpdir(), 'handover-print-'))
const browser = await openChromium()
try {
  writeSite(site)
  const window = await browser.newPage({ colorScheme: 'light' })
  await window.goto(pathToFileURL(join(site, 'product-owner/one-page.html')).href, { waitUntil: 'networkidle' })
  await window.addStyleTag({ content: STYLE })
  const pdf = await window.pdf({ preferCSSPageSize: true, printBackground: true })
  // A test compares it, so that the printed page cannot be older than the words.
  const mark = createHash('sha256').update(readFileSync(page)).digest('hex')
  writeFileSync(target, Buffer.concat([pdf, Buffer.from(`\n% one-page.md ${mark}\n`)]))
} finally {
  await browser.close()
  rmSync(site, { recursive: true, force: true })
}
