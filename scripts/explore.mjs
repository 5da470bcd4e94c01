// Looks at the data through the public API and writes docs/exploration: the report, the answers it is made from, and its pictures.
// Usage: node scripts/node.mjs scripts/explore.mjs
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { build } from './build.mjs'
import { explorationPage } from './explore/page.mjs'
import { QUESTIONS } from './explore/questions.mjs'
import { putFiles } from './explore/sources.mjs'
import { firstLoads, openChromium, startProduct, until } from './product.mjs'
import { root } from './tools.mjs'

const docs = join(root, 'docs/exploration')
const pictures = join(root, 'docs/pictures/exploration')
const MORE_LOADS = 5
/** The page of a dataset and the chart of it that is shown, by what its picture is called. */
const CHARTS = {
  users: ['/data/crowd/users', /decade/],
  earthquakes: ['/data/earthquakes/earthquakes', /is below/],
  co2: ['/data/co2/co2', /CO2/],
  seattle: ['/data/seattle/seattle', /./],
}

async function addSources({ ask }) {
  const create = 'mutation ($input: CreateSource!) { createSource(input: $input) { slug } }'
  const files = ['co2', 'seattle', 'spoiled'].map((folder) => ({ slug: folder, title: folder, connector: 'files', config: { folder } }))
  for (const input of [
    ...files,
    { slug: 'crowd', title: 'A crowd', connector: 'random-users', config: { first: 1000, seed: 'exploration' } },
  ])
    await ask(create, { input })
}

/** Loads the first users again and again, one after the other, so that they grow. */
async function grow({ ask }) {
  await ask('mutation { updateSource(slug: "users", input: { paused: true }) { slug } }')
  for (let load = 0; load < MORE_LOADS; load++) {
    const { loadNow } = await ask('mutation { loadNow(source: "users") { id } }')
    await until(async () => (await ask(`{ load(id: "${loadNow.id}") { state } }`)).load.state === 'SUCCEEDED', 'a load of the users')
  }
}

async function take(browser, address) {
  mkdirSync(pictures, { recursive: true })
  for (const [name, [path, title]] of Object.entries(CHARTS)) {
    const page = await browser.newPage({
      viewport: { width: 1280, height: 1000 },
      deviceScaleFactor: 1.5,
      locale: 'en-GB',
      timezoneId: 'UTC',
      colorScheme: 'light',
    })
    await page.goto(address + path, { waitUntil: 'networkidle' })
    await page
      .locator('#dashboard')
      .getByRole('region', { name: title })
      .first()
      .screenshot({ path: join(pictures, `${name}.png`) })
    await page.close()
  }
}

await build()
const data = mkdtempSync(join(tmpdir(), 'handover-explore-'))
putFiles(join(data, 'files'))
const product = await startProduct(data)
const browser = await openChromium()
try {
  await firstLoads(product)
  await addSources(product)
  await until(
    async () =>
      (await product.ask('{ sources { lastLoad { state } } }')).sources.every(({ lastLoad }) =>
        ['SUCCEEDED', 'FAILED'].includes(lastLoad?.state),
      ),
    'all loads to end',
  )
  await grow(product)
  const answers = {}
  for (const [name, question] of Object.entries(QUESTIONS)) answers[name] = await product.ask(question)
  mkdirSync(docs, { recursive: true })
  writeFileSync(join(docs, 'answers.json'), `${JSON.stringify(answers)}\n`)
  const config = { ...(await resolveConfig(join(docs, 'readme.md'))), parser: 'markdown' }
  writeFileSync(join(docs, 'readme.md'), await format(explorationPage(answers), config))
  await take(browser, product.address)
} finally {
  await browser.close()
  await product.stop()
  rmSync(data, { recursive: true, force: true })
}
