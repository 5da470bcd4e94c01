import type { Int64 } from './types.ts'

/** One place on the way of a dataset, told twice with the same figures. */
export interface PipelineStep {
  kind: 'SOURCE' | 'LAKE' | 'RULES' | 'TABLE' | 'SCREEN'
  title: string
  technicalTitle: string
  number: Int64 | null
  counts: string | null
  plain: string
  technical: string
}

/** Which of the two tellings a reader wants; an address says it, so that it can be sent to somebody. */
export type Telling = 'plain' | 'technical'

/** Reads it from an address. */
export const tellingOf = (params: Pick<URLSearchParams, 'get'>): Telling => (params.get('words') === 'technical' ? 'technical' : 'plain')
