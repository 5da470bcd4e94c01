import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { format, resolveConfig } from 'prettier'
import { expect, it } from 'vitest'
import { explorationPage } from '../../scripts/explore/page.mjs'
import { QUESTIONS } from '../../scripts/explore/questions.mjs'

const folder = resolve(import.meta.dirname, '../exploration')
const answers = JSON.parse(readFileSync(join(folder, 'answers.json'), 'utf8')) as Record<string, object>
const page = readFileSync(join(folder, 'readme.md'), 'utf8')

it('is what its answers make of it', async () => {
  const config = { ...(await resolveConfig(join(folder, 'readme.md'))), parser: 'markdown' }
  expect(await format(explorationPage(answers), config), 'run node scripts/node.mjs scripts/explore.mjs').toBe(page)
})

it('has an answer to each question, and shows each', async () => {
  expect(Object.keys(answers)).toEqual(Object.keys(QUESTIONS))
  const shown = await Promise.all(
    Object.values(QUESTIONS as Record<string, string>).map((question) => format(question, { parser: 'graphql' })),
  )
  expect([...page.matchAll(/^```graphql$/gm)].length).toBe(shown.length)
})

it('has each picture that it shows', () => {
  const pictures = [...page.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, path]) => path!)
  expect(pictures.length).toBe(4)
  expect(pictures.filter((path) => !existsSync(join(folder, path)))).toEqual([])
})
