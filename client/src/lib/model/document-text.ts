import { isMap, isScalar, LineCounter, parseDocument, type Document, type Node } from 'yaml'
import { isBlock, valueAt, type Path } from './document-shape.ts'
import type { Fault } from './settings-form.ts'

/** A text as it was read: what it says, or why it cannot be read. */
export interface ReadText {
  value: Record<string, unknown>
  /** Where and why it cannot be shown as a form; null when it can. */
  problem: string | null
}

/** A fault with its place in the text, lines and columns from 1. */
export interface PlacedFault {
  line: number
  column: number
  path: string
  /** Without "Line 3, column 5:". */
  message: string
}

const PREFIX = /^Line (\d+), column (\d+): /

/** Reads YAML for its form. */
export function readText(text: string): ReadText {
  const document = parseDocument(text, { prettyErrors: true })
  const [error] = document.errors
  if (error) return { value: {}, problem: `line ${error.linePos?.[0].line ?? 1}` }
  try {
    const value: unknown = document.toJS() ?? {}
    return isBlock(value) ? { value, problem: null } : { value: {}, problem: 'line 1' }
  } catch {
    return { value: {}, problem: 'its aliases (*)' }
  }
}

/** The text with another value at that place; everything else stays as it was typed, comments included. */
export const setAt = (text: string, path: Path, value: unknown): string =>
  changed(text, (document) => {
    const parent = document.getIn(path.slice(0, -1), true)
    // An empty block is written { }; its first line belongs below.
    if (isMap(parent) && parent.items.length === 0) parent.flow = false
    if (!isMap(parent)) document.setIn(path.slice(0, -1), document.createNode({}))
    const before = document.getIn(path, true)
    if (isScalar(before) && !isBlock(value) && !Array.isArray(value)) before.value = value
    else document.setIn(path, document.createNode(value, { flow: Array.isArray(value) }))
  })

/** The text without that part. */
export const removeAt = (text: string, path: Path): string =>
  changed(text, (document) => void (document.hasIn(path) && document.deleteIn(path)))

/** The text with another name for that part. */
export const renameAt = (text: string, path: Path, name: string): string =>
  changed(text, (document) => {
    const block = document.getIn(path.slice(0, -1), true)
    const pair = isMap(block) ? block.items.find(({ key }) => String(key) === String(path.at(-1))) : undefined
    if (pair) pair.key = document.createNode(name)
  })

function changed(text: string, change: (document: Document.Parsed) => void): string {
  const document = parseDocument(text)
  if (!isMap(document.contents)) document.contents = document.createNode({}) as unknown as typeof document.contents
  change(document)
  return document.toString({ lineWidth: 0, flowCollectionPadding: true })
}

/** Faults with their places. The server says the place of those that it found in the text; for others it is looked up. */
export function placeFaultsIn(text: string, faults: readonly Fault[]): PlacedFault[] {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  return faults.map(({ name, message }) => {
    const said = PREFIX.exec(message)
    if (said) return { line: Number(said[1]), column: Number(said[2]), path: name, message: message.slice(said[0].length) }
    const { line, col } = lines.linePos(offsetOf(document, name === '' ? [] : name.split('.')))
    return { line: Math.max(1, line), column: Math.max(1, col), path: name, message }
  })
}

function offsetOf(document: Document.Parsed, path: readonly string[]): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true) as Node | undefined
    if (node?.range) return node.range[0]
  }
  return 0
}

/** The faults that still stand: a part that was changed since they were found may be right now. */
export function standing(faults: readonly Fault[], before: string, now: string): Fault[] {
  if (before === now) return [...faults]
  const [old, fresh] = [readText(before).value, readText(now).value]
  return faults.filter(({ name }) => {
    if (name === '') return false
    const path = name.split('.')
    return JSON.stringify(valueAt(old, path)) === JSON.stringify(valueAt(fresh, path))
  })
}

/** Where in the text a line begins. */
export function offsetOfLine(text: string, line: number, column = 1): number {
  const before = text.split('\n').slice(0, line - 1)
  return before.reduce((sum, each) => sum + each.length + 1, 0) + column - 1
}
