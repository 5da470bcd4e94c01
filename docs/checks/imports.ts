import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import ts from 'typescript'

/** One import as it stands in a file. Both are paths from the top of the repository; a package keeps its name. */
export interface Import {
  readonly from: string
  readonly to: string
}

/** Source files of all rooms, as paths from the top. */
export function sourceFiles(root: string): string[] {
  const all = globSync(['server/{src,test,bin}/**/*.{ts,js}', 'connectors/**/*.ts', 'client/src/**/*.{ts,svelte}'], { cwd: root })
  return all.filter((file) => !/(^|\/)(node_modules|dist|build|\.svelte-kit|fixtures)\//.test(file)).sort()
}

/** Text of a file as a program; of a Svelte component only its scripts. */
export function programOf(root: string, file: string): string {
  const text = readFileSync(join(root, file), 'utf8')
  return file.endsWith('.svelte') ? [...text.matchAll(/<script[^>]*>([\s\S]*?)<\/script>/g)].map((match) => match[1]).join('\n') : text
}

/** Every import, type import, re-export and dynamic import with a fixed name. Reads with the compiler, so a comment is no import. */
export function importsOf(root: string, file: string): Import[] {
  const { importedFiles } = ts.preProcessFile(programOf(root, file), true, true)
  return importedFiles.map(({ fileName }) => ({ from: file, to: target(file, fileName) }))
}

function target(from: string, name: string): string {
  if (name.startsWith('#lib/')) return `client/src/lib/${name.slice('#lib/'.length)}`
  if (name.startsWith('.')) return normalize(join(dirname(from), name)).replaceAll('\\', '/')
  if (name === '@handover/sdk' || name.startsWith('@handover/sdk/')) return name.replace('@handover/', 'connectors/')
  if (name === '@handover/server' || name === '@handover/client') return name.replace('@handover/', '')
  return name.startsWith('@handover/') ? name.replace('@handover/', 'connectors/') : name
}

/** What a file does with the surroundings of its process. */
export interface Uses {
  readonly console: boolean
  /** Mentions `process.env` at all: hands it on, sets a name in it, or reads one. */
  readonly environment: boolean
  readonly readsEnvironment: boolean
}

/** Reads with the compiler, so comments and texts do not count. */
export function usesOf(root: string, file: string): Uses {
  const uses = { console: false, environment: false, readsEnvironment: false }
  const visit = (node: ts.Node): void => {
    if (isProperty(node, 'console')) uses.console = true
    if (isProperty(node, 'process', 'env')) {
      uses.environment = true
      const name = node.parent
      const isName = (ts.isPropertyAccessExpression(name) || ts.isElementAccessExpression(name)) && name.expression === node
      if (isName && !isSet(name)) uses.readsEnvironment = true
    }
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(file, programOf(root, file), ts.ScriptTarget.Latest, true, ts.ScriptKind.TS))
  return uses
}

const isProperty = (node: ts.Node, object: string, property?: string) =>
  ts.isPropertyAccessExpression(node) &&
  ts.isIdentifier(node.expression) &&
  node.expression.text === object &&
  (property === undefined || node.name.text === property)

const isSet = ({ parent }: ts.Node) => ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.EqualsToken
