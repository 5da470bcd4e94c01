import { isMap, LineCounter, parseDocument, type Document, type Node } from 'yaml'
import { schemaFaults } from './faults.ts'
import { meaningFaults, type Mistake } from './meaning.ts'
import { definition, type Definition } from './schema.ts'
import { secretFaults } from './secrets.ts'

/** A mistake with its line and column in front: `Line 12, column 7: …`. */
export interface PlacedMistake {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

/** Sentences for the mistakes of YAML that people make most. */
const SYNTAX: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'Lines are set in by spaces, not by tabs',
  DUPLICATE_KEY: 'This name stands here twice',
  BAD_INDENT: 'This line is not set in as far as its neighbours',
  BLOCK_AS_IMPLICIT_KEY: 'A colon with a space behind it is one too many here; put the text in quotes',
  MULTILINE_IMPLICIT_KEY: 'A name ends with a colon; this one has none',
  MISSING_CHAR: 'A quote or a bracket is not closed',
  UNEXPECTED_TOKEN: 'This does not belong here',
}

/** Reads a definition: what it says, or every mistake with its place, in the order of the text. */
export function readDefinition(text: string): { readonly definition: Definition } | { readonly faults: readonly PlacedMistake[] } {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false })
  const { errors } = document
  if (errors.length > 0)
    return {
      faults: errors.slice(0, 1).map(({ code, message, pos }) => ({ path: [], message: placed(lines, pos[0], SYNTAX[code] ?? message) })),
    }
  const { value, fault } = valueOf(document)
  if (fault !== null) return { faults: [{ path: [], message: placed(lines, 0, fault) }] }
  const parsed = definition.safeParse(value)
  const secrets = secretFaults(value)
  const found = parsed.success ? meaningFaults(parsed.data) : schemaFaults(value, parsed.error.issues)
  const faults = [...secrets, ...found.filter((fault) => !secrets.some(({ path }) => isSame(path, fault.path)))]
  if (parsed.success && faults.length === 0) return { definition: parsed.data }
  const sorted = faults.map((fault) => ({ fault, offset: offsetOf(document, fault) })).sort((a, b) => a.offset - b.offset)
  return { faults: sorted.map(({ fault, offset }) => ({ path: fault.path, message: placed(lines, offset, sentence(fault)) })) }
}

/** Aliases may make a few lines endless, and a document may be no block at all. */
function valueOf(document: Document.Parsed): { readonly value: unknown; readonly fault: string | null } {
  try {
    const value: unknown = document.toJS()
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { value, fault: null }
    return { value, fault: 'The definition begins with names such as url: and streams:' }
  } catch {
    return { value: null, fault: 'Aliases (*) make this text too long; write it out' }
  }
}

/** Half sentences such as “must be a list” get the name in front. */
function sentence({ path, message, isMissing }: Mistake): string {
  const name = path.findLast((part) => typeof part === 'string')
  return name !== undefined && isMissing !== true && /^[a-z]/.test(message) ? `${name} ${message}` : message
}

function placed(lines: LineCounter, offset: number, message: string): string {
  const { line, col } = lines.linePos(offset)
  return `Line ${line}, column ${col}: ${message}.`
}

/** Where a mistake stands in the text: at its value or its name; what is missing, at the name of the block that lacks it. */
function offsetOf(document: Document.Parsed, { path, isName = false }: Mistake): number {
  for (let length = path.length; length > 0; length--) {
    const block = document.getIn(path.slice(0, length - 1), true)
    const name = path[length - 1]
    const pair = isMap(block) ? block.items.find(({ key }) => String(key) === String(name)) : undefined
    const value = pair ? (pair.value as Node | null) : (document.getIn(path.slice(0, length), true) as Node | undefined)
    const node = isName || length < path.length || !value?.range ? ((pair?.key as Node | undefined) ?? value) : value
    if (node?.range) return node.range[0]
  }
  return 0
}

const isSame = (one: readonly PropertyKey[], other: readonly PropertyKey[]): boolean => one.join('\n') === other.join('\n')
