import { fixtureText } from './fixture-text.ts'
import type { KeptAnswer } from './first-fixtures.ts'
import { madeUpSecret } from './given-settings.ts'
import type { GuessedColumn } from './guess-columns.ts'
import type { Paging } from './guess-paging.ts'
import { quoted, stepText } from './quoted.ts'

/** What a new connector is made from. */
export interface Blueprint {
  readonly name: string
  readonly title: string
  /** Without secrets. */
  readonly url: string
  /** Values of the query that are settings, because they are secret. */
  readonly secrets: readonly { readonly setting: string; readonly param: string }[]
  readonly paging: Paging
  /** What is left unread because nobody knows how the source pages; null when nothing is known to be. */
  readonly unread: string | null
  /** Where the list stands in an answer; null for the answer itself. */
  readonly at: string | null
  /** The first one is the key. */
  readonly columns: readonly GuessedColumn[]
  /** Of the fixtures. */
  readonly origin: string
  /** By the names of their files. */
  readonly fixtures: Readonly<Record<string, KeptAnswer>>
}

/** Columns that still fit into an `index.ts` of 30 lines; more of them get a file of their own. */
const MOST_INLINE = 4

/** The files of a new connector by their path in its folder. */
export function scaffold(plan: Blueprint): Record<string, string> {
  const isInline = plan.columns.length <= MOST_INLINE
  return {
    'index.ts': indexFile(plan, isInline),
    ...(isInline ? {} : { 'columns.ts': columnsFile(plan) }),
    'index.test.ts': testFile(plan),
    'readme.md': readmeFile(plan),
    ...Object.fromEntries(Object.entries(plan.fixtures).map(([name, kept]) => [`fixtures/${name}`, fixtureFile(plan, kept)])),
  }
}

function indexFile(plan: Blueprint, isInline: boolean): string {
  const { name, title, url, at, columns, secrets, paging } = plan
  const own = ['defineConnector', paging.helper, 'recordPages', ...(secrets.length > 0 ? ['secret'] : [])]
  const helpers = [...own, ...(isInline ? helpersOf(columns) : [])].sort()
  const place = at === null ? '' : `, { at: ${quoted(at)} }`
  const settings = secrets.map(({ setting, param }) => `, ${setting}: secret().describe(${quoted(aboutSecret(param))})`).join('')
  const query = secrets.map(({ setting, param }) => `${propertyText(param)}: config.${setting}`).join(', ')
  const http = query === '' ? 'http' : `http.at(config.url, { query: { ${query} } })`
  return `import { ${helpers.join(', ')} } from '@handover/sdk'
import { z } from 'zod'
${isInline ? '' : `import { columns, transform } from './columns.ts'\n`}
export default defineConnector({
  name: '${name}',
  title: ${quoted(title)},
  about: ${quoted(`${title}: one list of JSON.`)},
  config: z.object({ url: z.url().default(${quoted(url)}).describe('Address of the list')${settings} }),
  streams: {
    records: {
      about: 'One record per entry of the list.',
      extract: ({ config, http }) => recordPages(${http}.pages(config.url, { next: ${paging.code} })${place}),
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
  const parts = columns.map(({ name, path }) => `${name}: raw${path.map((part, at) => stepText(part, at === 0)).join('')}`)
  return `(raw) => ({ ${parts.join(', ')} })`
}

const aboutSecret = (param: string): string => `What the source wants as ${param} in its address`

const propertyText = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name))

const testFile = ({ secrets }: Blueprint): string => `import { testConnector } from '@handover/sdk/testing'
import connector from './index.ts'

testConnector(connector, {
  folder: import.meta.dirname,
  fixtures: \`\${import.meta.dirname}/fixtures\`,
  configs: { usual: {${secrets.map(({ setting }) => ` ${setting}: ${quoted(madeUpSecret(setting))}`).join(',')} } },
})
`

const readmeFile = ({ title, columns, secrets }: Blueprint): string => `# ${title}

## What it loads

One dataset, \`records\`: one row per entry of the list, found again by \`${columns[0]!.name}\`.

## Settings

| setting | meaning             |
| ------- | ------------------- |
| \`url\`   | Address of the list |
${secrets.map(({ setting, param }) => `| \`${setting}\` | ${aboutSecret(param)} |\n`).join('')}
## Limits

Every load reads the whole list.
`

function fixtureFile({ origin }: Blueprint, { url, body }: KeptAnswer): string {
  const response = { status: 200, headers: { 'content-type': 'application/json' }, body }
  return fixtureText({ origin, request: { method: 'GET', url }, response })
}
