import { fixtureText } from './fixture-text.ts'
import type { GuessedColumn } from './guess-columns.ts'

/** What a new connector is made from. */
export interface Blueprint {
  readonly name: string
  readonly title: string
  readonly url: string
  /** Where the list stands in an answer; null for the answer itself. */
  readonly at: string | null
  /** The first one is the key. */
  readonly columns: readonly GuessedColumn[]
  /** Of the one fixture. */
  readonly origin: string
  readonly body: unknown
}

/** Columns that still fit into an `index.ts` of 30 lines; more of them get a file of their own. */
const MOST_INLINE = 4

/** The files of a new connector by their path in its folder. */
export function scaffold(plan: Blueprint): Record<string, string> {
  const isInline = plan.columns.length <= MOST_INLINE
  return {
    'index.ts': indexFile(plan, isInline),
    ...(isInline ? {} : { 'columns.ts': columnsFile(plan) }),
    'index.test.ts': TEST_FILE,
    'readme.md': readmeFile(plan),
    'fixtures/list.json': fixtureFile(plan),
  }
}

function indexFile(plan: Blueprint, isInline: boolean): string {
  const { name, title, url, at, columns } = plan
  const helpers = ['defineConnector', 'linkHeader', 'recordPages', ...(isInline ? helpersOf(columns) : [])].sort()
  const place = at === null ? '' : `, { at: ${quoted(at)} }`
  return `import { ${helpers.join(', ')} } from '@handover/sdk'
import { z } from 'zod'
${isInline ? '' : `import { columns, transform } from './columns.ts'\n`}
export default defineConnector({
  name: '${name}',
  title: ${quoted(title)},
  about: ${quoted(`${title}: one list of JSON.`)},
  config: z.object({ url: z.url().default(${quoted(url)}).describe('Address of the list') }),
  streams: {
    records: {
      about: 'One record per entry of the list.',
      extract: ({ config, http }) => recordPages(http.pages(config.url, { next: linkHeader() })${place}),
    },
  },
  datasets: {
    records: {
      from: 'records',
      about: 'One row per entry of the list.',
      key: ['${columns[0]!.name}'],
      load: 'merge',
${isInline ? `      columns: ${schemaText(columns, '      ')},\n      transform: ${transformText(columns)},` : '      columns,\n      transform,'}
    },
  },
})
`
}

const columnsFile = ({
  columns,
}: Blueprint): string => `import { ${[...helpersOf(columns), 'type Dataset'].join(', ')} } from '@handover/sdk'
import { z } from 'zod'

/** What a row holds. The descriptions are shown to readers: say in them what a value means. */
export const columns = ${schemaText(columns, '')}

/** Makes a row of a record. */
export const transform: Dataset<typeof columns>['transform'] = ${transformText(columns)}
`

const helpersOf = (columns: readonly GuessedColumn[]): string[] =>
  [...new Set(columns.flatMap(({ helper }) => (helper === null ? [] : [helper])))].sort()

function schemaText(columns: readonly GuessedColumn[], indent: string): string {
  const lines = columns.map(({ name, schema, about }) => `${indent}  ${name}: ${schema}.describe(${quoted(about)}),`)
  return `z.object({\n${lines.join('\n')}\n${indent}})`
}

function transformText(columns: readonly GuessedColumn[]): string {
  const step = (name: string, isFirst: boolean) =>
    /^[A-Za-z_$][\w$]*$/.test(name) ? `${isFirst ? '.' : '?.'}${name}` : `${isFirst ? '' : '?.'}[${quoted(name)}]`
  const parts = columns.map(({ name, path }) => `${name}: raw${path.map((part, at) => step(part, at === 0)).join('')}`)
  return `(raw) => ({ ${parts.join(', ')} })`
}

const TEST_FILE = `import { testConnector } from '@handover/sdk/testing'
import connector from './index.ts'

testConnector(connector, {
  folder: import.meta.dirname,
  fixtures: \`\${import.meta.dirname}/fixtures\`,
  configs: { usual: {} },
})
`

const readmeFile = ({ title, columns }: Blueprint): string => `# ${title}

## What it loads

One dataset, \`records\`: one row per entry of the list, found again by \`${columns[0]!.name}\`.

## Settings

| setting | meaning             |
| ------- | ------------------- |
| \`url\`   | Address of the list |

## Limits

Every load reads the whole list.
`

function fixtureFile({ origin, url, body }: Blueprint): string {
  const response = { status: 200, headers: { 'content-type': 'application/json' }, body }
  return fixtureText({ origin, request: { method: 'GET', url }, response })
}

/** A text as it stands in code, with the quotes that need fewer escapes. */
function quoted(text: string): string {
  const json = JSON.stringify(text)
  const count = (mark: string) => text.split(mark).length - 1
  if (count("'") > count('"')) return json
  return `'${json.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}
