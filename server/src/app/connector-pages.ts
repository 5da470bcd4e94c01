import type { Column, Connector, DatasetShape, LoadMode, Provider } from '@handover/sdk'
import { shapesOf, type CatalogService, type FormField } from '../catalog/catalog.service.ts'

const MODES: Readonly<Record<LoadMode, string>> = {
  merge: 'a row that comes again with the same key is updated',
  append: 'every load adds rows',
  replace: 'each load is the whole table',
}
const FOUND = 'found at the source: when a source is made or changed, and before each load.'

/** The pages `docs/reference/connectors/*.md` by file name: one for each connector, made from its declaration, and the list of them. */
export function connectorPages(catalog: CatalogService): Readonly<Record<string, string>> {
  const connectors = catalog.list().map(({ name }) => catalog.get(name))
  const pages = connectors.map((connector) => [
    `${connector.name}.md`,
    pageOf(connector, shapesOf(connector), catalog.form(connector.name)),
  ])
  return { 'readme.md': listPage(connectors), ...Object.fromEntries(pages) }
}

function listPage(connectors: readonly Connector[]): string {
  const rows = connectors.map((connector) => [
    `[${cell(connector.title)}](${connector.name}.md)`,
    cell(connector.about) + (connector.invented ? ' The records are made up.' : ''),
    connector.provider ? cell(`${connector.provider.name}, ${connector.provider.licence}`) : noProvider(connector),
  ])
  return page('Connectors', [
    'What Handover can load from. Each page is made from what its connector declares; [write another](../../guides/add-a-connector.md) in 30 lines for one list and one table.',
    table(['connector', 'what it loads', 'whose data'], rows),
  ])
}

function pageOf(connector: Connector, shapes: readonly DatasetShape[] | null, form: readonly FormField[]): string {
  const { name, title, about, invented, provider } = connector
  return page(title, [
    cell(about) + (invented ? ' The records are made up.' : ''),
    `What to know before using it stands in [its readme](../../../connectors/${name}/readme.md).`,
    '## Whose data',
    provider ? providerText(provider) : `${sentence(noProvider(connector))}.`,
    '## Settings',
    form.length === 0 ? 'It has none.' : table(['setting', 'kind', 'when left out', 'what it is'], form.map(settingRow)),
    ...(connector.streams
      ? declared(connector.streams, shapes ?? [])
      : ['## Streams and datasets', `Streams, datasets and columns are ${FOUND}`]),
  ])
}

const noProvider = ({ invented, discover }: Connector): string =>
  invented ? "nobody's: it is made up" : discover ? 'known once a source is made; its page says it' : 'it names nobody'

function providerText({ name, url, licence, licenceUrl, attribution }: Provider): string {
  const terms = licenceUrl === undefined ? cell(licence) : `[${cell(licence)}](${licenceUrl})`
  return `Data: [${cell(name)}](${url}). Licence: ${terms}.${attribution === undefined ? '' : ` To be shown with the data: “${cell(attribution)}”.`}`
}

function declared(streams: NonNullable<Connector['streams']>, shapes: readonly DatasetShape[]): string[] {
  const rows = Object.entries(streams).map(([name, stream]) => [`\`${name}\``, cell(stream.about) + piecesOf(stream)])
  return ['## Streams', table(['stream', 'what it gives'], rows), '## Datasets', ...shapes.flatMap(datasetParts)]
}

function piecesOf({ parent, partitions }: NonNullable<Connector['streams']>[string]): string {
  if (parent !== undefined) return ` Read once for each row of \`${parent}\`.`
  return partitions === undefined ? '' : ' Read in pieces, each with a place of its own to go on from.'
}

function datasetParts({ name, about, from, key, load, columns }: DatasetShape): string[] {
  const known = key.length === 0 ? '' : ` Rows are known by ${key.map((part) => `\`${part}\``).join(' and ')}.`
  return [
    `### \`${name}\``,
    `${cell(about)} Made from the stream \`${from}\`; ${MODES[load]}.${known}`,
    table(['column', 'type', 'unit', 'role', 'may be empty', 'personal', 'what it says'], columns.map(columnRow)),
  ]
}

const settingRow = (field: FormField): string[] => [`\`${field.name}\``, kindOf(field), defaultOf(field), cell(field.about)]

function kindOf({ kind, choices, min, max }: FormField): string {
  if (choices !== null) return listed(choices)
  return kind + (min === null ? '' : `, at least ${min}`) + (max === null ? '' : `, at most ${max}`)
}

function defaultOf({ required, default: value }: FormField): string {
  if (required) return 'it must be given'
  if (value === null || value === '') return 'empty'
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``
}

const columnRow = (column: Column): string[] => [
  `\`${column.name}\``,
  typeOf(column),
  cell(column.unit ?? ''),
  column.role ?? '',
  column.nullable ? 'yes' : '',
  column.personal ? 'yes' : '',
  cell(column.about),
]

function typeOf({ kind, max, precision, scale, values }: Column): string {
  if (values !== null) return listed(values)
  if (kind === 'decimal') return `decimal(${precision}, ${scale})`
  return kind === 'text' && max !== null ? `text, at most ${max}` : kind
}

const page = (title: string, parts: readonly string[]): string => `# ${cell(title)}\n\n${parts.join('\n\n')}\n`

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')

const listed = (values: readonly string[]): string => values.map((value) => `\`${value.replaceAll('|', '\\|')}\``).join(', ')

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)

/** Text of a connector as Markdown that shows it as it is, also inside a table. */
const cell = (text: string): string => text.replace(/[\\|*<`]/g, '\\$&').replace(/\s+/g, ' ')
