import type { QuarantinedRecord } from '../model/types.ts'
import { ask } from './api.ts'

const SHOWN = 50

const ASIDE = `query SetAside($source: String!, $dataset: String!, $first: Int!) {
  quarantine(source: $source, dataset: $dataset, first: $first) {
    totalCount nodes { id dataset code column reason raw part line at }
  }
}`

/** The newest records and rows of a dataset that did not fit the rules, and how many there are. */
export async function setAside(source: string, dataset: string): Promise<{ nodes: QuarantinedRecord[]; totalCount: number }> {
  const { quarantine } = await ask<{ quarantine: { nodes: QuarantinedRecord[]; totalCount: number } }>(ASIDE, {
    source,
    dataset,
    first: SHOWN,
  })
  return quarantine
}
