import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

/** Ways to write a test so that it does not run, or need not pass. `skipIf` runs wherever its condition allows. */
const OFF = new Set(['skip', 'todo', 'fails', 'only'])

/** Titles of the tests of a file that run, as they are written. Reads with the compiler, so a comment or a text is no test. */
export function testTitles(root: string, file: string): Set<string> {
  const titles = new Set<string>()
  const visit = (node: ts.Node): void => {
    const call = ts.isCallExpression(node) ? namesOf(node.expression) : []
    if (call.some((name) => OFF.has(name))) return
    const title = ts.isCallExpression(node) ? node.arguments[0] : undefined
    if ((call[0] === 'it' || call[0] === 'test') && title && ts.isStringLiteralLike(title)) titles.add(title.text)
    ts.forEachChild(node, visit)
  }
  visit(ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest, true))
  return titles
}

/** `it.each([…])` gives `it`, `each`. */
function namesOf(callee: ts.Expression): string[] {
  if (ts.isIdentifier(callee)) return [callee.text]
  if (ts.isPropertyAccessExpression(callee)) return [...namesOf(callee.expression), callee.name.text]
  return ts.isCallExpression(callee) || ts.isTaggedTemplateExpression(callee)
    ? namesOf(ts.isCallExpression(callee) ? callee.expression : callee.tag)
    : []
}
