import {
  getDirectiveValues,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  Kind,
  type FieldNode,
  type FragmentDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'

/** What is needed to read a selection: the fragments of the request and its variables, coerced. */
export interface SelectionContext {
  readonly fragments: Readonly<Record<string, FragmentDefinitionNode>>
  readonly variableValues: Readonly<Record<string, unknown>>
}

/** Every field that a selection asks for, through fragments; what `@skip` and `@include` leave out is not among them. */
export function* fieldsOf(set: SelectionSetNode | undefined, context: SelectionContext): Generator<FieldNode> {
  for (const node of set?.selections ?? []) {
    if (!isIncluded(node, context)) continue
    if (node.kind === Kind.FIELD) yield node
    else yield* fieldsOf(node.kind === Kind.INLINE_FRAGMENT ? node.selectionSet : context.fragments[node.name.value]?.selectionSet, context)
  }
}

/** The selections below a field of this name, over all its aliases. */
export function below(nodes: readonly FieldNode[], name: string, context: SelectionContext): FieldNode[] {
  return nodes.flatMap((node) => [...fieldsOf(node.selectionSet, context)].filter((field) => field.name.value === name))
}

/** The names asked for below these fields. */
export function namesBelow(nodes: readonly FieldNode[], context: SelectionContext): Set<string> {
  return new Set(nodes.flatMap((node) => [...fieldsOf(node.selectionSet, context)].map((field) => field.name.value)))
}

function isIncluded(node: SelectionNode, { variableValues }: SelectionContext): boolean {
  if (node.directives === undefined || node.directives.length === 0) return true
  const skip = getDirectiveValues(GraphQLSkipDirective, node, variableValues)
  const include = getDirectiveValues(GraphQLIncludeDirective, node, variableValues)
  return skip?.['if'] !== true && include?.['if'] !== false
}
