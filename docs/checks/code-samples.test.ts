import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { buildSchema, parse, validate, type GraphQLSchema } from 'graphql'
import { expect, it } from 'vitest'
import { parseDocument } from 'yaml'
import { pages } from './markdown.ts'

const root = resolve(import.meta.dirname, '../..')

interface Sample {
  readonly page: string
  readonly kind: string
  readonly text: string
}

const samples: Sample[] = pages(root).flatMap((page) => {
  const text = readFileSync(join(root, page), 'utf8')
  return [...text.matchAll(/^( *)```(\w+)[^\n]*\n([\s\S]*?)^\1```/gm)].map(([, indent = '', kind, body]) => ({
    ...{ page, kind: kind!, text: body!.replaceAll(new RegExp(`^${indent}`, 'gm'), '') },
  }))
})
const of = (...kinds: string[]) => samples.filter(({ kind }) => kinds.includes(kind)).map((sample) => [sample.page, sample.text] as const)

const platform: GraphQLSchema = buildSchema(readFileSync(join(root, 'docs/reference/schema.graphql'), 'utf8'))
const known = new Set(
  [platform.getQueryType()!, platform.getMutationType()!, platform.getSubscriptionType()!].flatMap((type) => Object.keys(type.getFields())),
)

it('finds samples of every kind that is checked', () => {
  for (const kind of ['graphql', 'json', 'yaml', 'sh', 'mermaid']) expect([kind, of(kind).length > 0]).toEqual([kind, true])
})

it.each(of('graphql'))('%s asks what the API answers', (_, text) => {
  const document = parse(text)
  // What is asked of datasets depends on the sources of a place; the platform's part is the same everywhere.
  const isPlatform = document.definitions.every(
    (definition) =>
      definition.kind === 'OperationDefinition' &&
      definition.selectionSet.selections.every((field) => field.kind === 'Field' && known.has(field.name.value)),
  )
  expect(isPlatform ? validate(platform, document).map(({ message }) => message) : []).toEqual([])
})

it.each(of('json'))('%s shows JSON', (_, text) => {
  expect(() => JSON.parse(text.replaceAll(/^\s*\/\/.*$/gm, ''))).not.toThrow()
})

it.each(of('yaml', 'yml'))('%s shows YAML', (_, text) => {
  expect(parseDocument(text).errors.map(({ message }) => message)).toEqual([])
})

it('names commands and scripts that there are', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> }
  const commands = readFileSync(join(root, 'docs/reference/cli.md'), 'utf8')
  const built = ['install', 'ci', 'test', 'start']
  const missing = of('sh', 'bash', 'console').flatMap(([page, text]) => [
    ...[...text.matchAll(/npm run ([\w:-]+)/g)].filter(([, name]) => scripts[name!] === undefined).map(([all]) => `${page}: ${all}`),
    ...[...text.matchAll(/^\s*npm (?!run)([\w-]+)/gm)].filter(([, name]) => !built.includes(name!)).map(([all]) => `${page}: ${all}`),
    ...[...text.matchAll(/npx handover ([a-z]+)/g)]
      .filter(([, name]) => !new RegExp(`handover ${name}\\b`).test(commands))
      .map(([all]) => `${page}: ${all}`),
  ])
  expect(missing).toEqual([])
})

it.each(of('mermaid'))('%s draws a diagram of a kind that is known, with as many ends as beginnings', (_, text) => {
  const [first, ...rest] = text.trim().split('\n')
  expect(first).toMatch(/^(flowchart (LR|TD|TB)|sequenceDiagram|stateDiagram-v2|erDiagram)$/)
  const begun = rest.filter((line) => /^\s*(subgraph|rect|loop|alt|opt|par)\b/.test(line)).length
  expect(rest.filter((line) => line.trim() === 'end').length).toBe(begun)
  for (const line of rest) expect([line, (line.match(/"/g) ?? []).length % 2]).toEqual([line, 0])
})
