/** One place of a drawn way, from left to right. */
export interface FlowStep {
  readonly title: string
  /** The figure of the place; null where there is none. */
  readonly figure: string | null
  readonly counts: string
}

/** One part of a document. Both renderers know all of them; text is plain text. */
export type Block =
  | { readonly kind: 'heading'; readonly level: 2 | 3; readonly text: string }
  | { readonly kind: 'text'; readonly text: string; readonly tone?: 'gap' }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'steps'; readonly items: readonly { readonly text: string; readonly code: string | null }[] }
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly string[])[]; readonly name?: string }
  | { readonly kind: 'flow'; readonly steps: readonly FlowStep[] }

/** A document with a date, to be read on paper or screen. */
export interface PackDocument {
  readonly title: string
  /** Under the title: of what, when, by which version. */
  readonly subtitle: string
  readonly blocks: readonly Block[]
  /** What a person should add, because nobody has said it. */
  readonly gaps: readonly string[]
}

export const heading = (level: 2 | 3, text: string): Block => ({ kind: 'heading', level, text })
export const text = (words: string): Block => ({ kind: 'text', text: words })
/** A sentence about what is missing; it stands out. */
export const gap = (words: string): Block => ({ kind: 'text', text: words, tone: 'gap' })
export const list = (items: readonly string[]): Block => ({ kind: 'list', items })
export const table = (head: readonly string[], rows: readonly (readonly string[])[], name?: string): Block => ({
  ...{ kind: 'table', head, rows },
  ...(name === undefined ? {} : { name }),
})
