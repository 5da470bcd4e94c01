// Takes the pictures of docs/pictures from the running product: starts it on a fresh data folder and drives Chromium.
// Usage: node scripts/node.mjs scripts/screenshots.mjs [folder to write to]
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { chromium } from 'playwright-core'
import { build } from './build.mjs'
import { root } from './tools.mjs'

const PORT = 3978
const target = resolve(process.argv[2] ?? join(root, 'docs/pictures'))
const PAGES = { overview: '/', tracking: '/tracking/users', dataset: '/data/earthquakes/earthquakes' }
const LOOKS = {
  light: { viewport: { width: 1280, height: 900 }, colorScheme: 'light' },
  dark: { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: 'light' },
}

await build()
mkdirSync(target, { recursive: true })
const data = mkdtempSync(join(tmpdir(), 'handover-pictures-'))
const server = spawn(process.execPath, [join(root, 'server/dist/app/main.js')], {
  env: { ...process.env, HANDOVER_DATA: data, HANDOVER_PORT: String(PORT) },
  stdio: 'ignore',
})
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM_PATH ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
})
try {
  const ready = () =>
    fetch(`http://127.0.0.1:${PORT}/readyz`).then(
      (answer) => answer.ok,
      () => false,
    )
  while (!(await ready())) await wait(100)
  await wait(4000) // lets the first loads end
  for (const [look, options] of Object.entries(LOOKS)) {
    const context = await browser.newContext({ ...options, locale: 'en-GB', timezoneId: 'Europe/Stockholm', reducedMotion: 'reduce' })
    for (const [name, path] of Object.entries(PAGES)) {
      const page = await context.newPage()
      await page.goto(`http://127.0.0.1:${PORT}${path}`, { waitUntil: 'networkidle' })
      await wait(600) // lets the charts be drawn
      await page.screenshot({ path: join(target, `${name}-${look}.png`), fullPage: true })
      await page.close()
    }
    await context.close()
  }
} finally {
  await browser.close()
  server.kill('SIGTERM')
  await new Promise((settle) => (server.exitCode === null ? server.on('exit', settle) : settle()))
  rmSync(data, { recursive: true, force: true })
}
