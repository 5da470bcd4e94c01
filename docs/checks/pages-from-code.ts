import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import ts from 'typescript'
import { importsOf, sourceFiles } from './imports.ts'

/** One column of a platform table, as its entity declares it. */
interface Field {
  readonly name: string
  readonly type: string
  readonly key: boolean
  readonly nullable: boolean
  readonly about: string
}

/** One table of the platform. */
interface PlatformTable {
  readonly name: string
  readonly room: string
  readonly about: string
  readonly fields: readonly Field[]
}

/** The page of all platform tables: a diagram of who points at whom, and every column with what its docstring says. */
export function tablesPage(root: string): string {
  const tables = platformTables(root)
  const parts = tables.map(({ name, room, about, fields }) => {
    const rows = fields.map((field) => `| \`${field.name}\` | ${typeWords(field)} | ${field.about} |`)
    return `### \`${name}\`\n\n${about} Room: \`${room}\`.\n\n| column | type | meaning |\n| --- | --- | --- |\n${rows.join('\n')}`
  })
  return `# Tables of the platform

Made from the entities by \`npm test -- --project docs -u\`; a test holds this page to them. Tables of datasets are made from what connectors declare; besides those columns each carries \`_load_id\`, \`_loaded_at\`, \`_raw_part\`, \`_raw_line\` and \`_raw_item\`.

\`\`\`mermaid
erDiagram
${relations(tables).join('\n')}
\`\`\`

There are no foreign keys in the database: rows of loads outlive their source, and a backup is restored table by table. The lines say which column holds whose id.

${parts.join('\n\n')}
`
}

/** The page of the server's rooms: a diagram made from every import of the source, tests left out. */
export function importsPage(root: string): string {
  const roomOf = (path: string) => /^server\/src\/([^/]+)\//.exec(path)?.[1]
  const rooms = readdirSync(join(root, 'server/src'), { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []))
  const files = sourceFiles(root).filter((file) => roomOf(file) !== undefined && !/\.test\.ts$|\/testing\//.test(file))
  const links = files.flatMap((file) => importsOf(root, file).map(({ to }) => [roomOf(file)!, roomOf(to)] as const))
  const drawn = new Set(
    links.filter(([from, to]) => isDrawn(from) && to !== undefined && isDrawn(to) && from !== to).map((link) => link.join(' --> ')),
  )
  const nodes = rooms.filter(isDrawn).map((room) => `  ${room}["<b>${room}</b>"]`)
  return `# Which room imports which

Made from the imports by \`npm test -- --project docs -u\`; a test holds this page to them. \`app\` imports every room and nobody imports it; every room may import \`shared\`, and \`migrations\` make the tables of all. These three are left out, so that one sees the rest.

\`\`\`mermaid
flowchart TD
${[...nodes.toSorted(), ...[...drawn].toSorted().map((link) => `  ${link}`)].join('\n')}
\`\`\`

No two rooms import each other, so each can be read with only those below it in mind. [What each room holds](readme.md#rooms).
`
}

const isDrawn = (room: string) => !['app', 'shared', 'migrations'].includes(room)

/** Reads every entity with the compiler, so that nothing has to be started. */
export function platformTables(root: string): PlatformTable[] {
  const files = sourceFiles(root).filter((file) => file.startsWith('server/src/') && file.endsWith('.entity.ts'))
  return files.flatMap((file) => entitiesOf(root, file)).toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

function entitiesOf(root: string, file: string): PlatformTable[] {
  const source = ts.createSourceFile(basename(file), readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest, true)
  return source.statements.filter(ts.isClassDeclaration).flatMap((entity) => {
    const name = option(decorator(entity, 'Entity'), 'name')
    if (name === undefined) return []
    const room = /^server\/src\/([^/]+)\//.exec(file)![1]!
    return [{ name, room, about: docstring(entity), fields: entity.members.filter(ts.isPropertyDeclaration).flatMap(fieldOf) }]
  })
}

function fieldOf(property: ts.PropertyDeclaration): Field[] {
  const names = ['PrimaryGeneratedColumn', 'PrimaryColumn', 'Column']
  const kind = names.find((each) => decorator(property, each))
  if (kind === undefined) return []
  const call = decorator(property, kind)!
  const type = option(call, 'type') ?? call.arguments.find(ts.isStringLiteral)?.text ?? ''
  const nullable = option(call, 'nullable') === 'true'
  const name = option(call, 'name') ?? property.name.getText()
  return [{ name, type: type === 'increment' ? 'integer' : type, key: kind !== 'Column', nullable, about: docstring(property) }]
}

function decorator(node: ts.HasDecorators, name: string): ts.CallExpression | undefined {
  const calls = (ts.getDecorators(node) ?? []).map(({ expression }) => expression).filter(ts.isCallExpression)
  return calls.find((call) => call.expression.getText() === name)
}

function option(call: ts.CallExpression | undefined, name: string): string | undefined {
  const properties = call?.arguments
    .filter(ts.isObjectLiteralExpression)
    .flatMap(({ properties: all }) => all.filter(ts.isPropertyAssignment))
  const value = properties?.find((property) => property.name.getText() === name)?.initializer
  return value && (ts.isStringLiteral(value) ? value.text : value.getText())
}

const docstring = (node: ts.Node): string =>
  ts
    .getJSDocCommentsAndTags(node)
    .filter(ts.isJSDoc)
    .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? '')
    .join(' ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll('|', '\\|')

const typeWords = ({ type, key, nullable }: Field): string => `${type}${key ? ', key' : ''}${nullable ? ', may be empty' : ''}`

/** Whose id a column holds, by its name. */
const POINTS: Readonly<Record<string, string>> = { source_id: 'handover_source', load_id: 'handover_load', part: 'handover_lake_part' }

function relations(tables: readonly PlatformTable[]): string[] {
  const links = tables.flatMap(({ name, fields }) =>
    fields.flatMap((field) => {
      const to = POINTS[field.name]
      return to === undefined || to === name ? [] : [`  ${to} ||--o{ ${name} : ${field.name}`]
    }),
  )
  const alone = tables.filter(({ name }) => !links.some((link) => link.split(' ').includes(name))).map(({ name }) => `  ${name}`)
  return [...links, ...alone]
}
