import type { DatasetShape } from './contract.ts'

/** What is wrong with the parents of streams: one that is no dataset, one without a key, or a stream that is its own forebear. */
export function parentFaults(
  streams: readonly { readonly name: string; readonly parent?: string }[],
  datasets: readonly Pick<DatasetShape, 'name' | 'from' | 'key'>[],
): string[] {
  const parentOf = (stream: string): string | undefined => {
    const parent = streams.find(({ name }) => name === stream)?.parent
    return datasets.find(({ name }) => name === parent)?.from
  }
  return streams.flatMap(({ name, parent }) => {
    if (parent === undefined) return []
    const dataset = datasets.find((each) => each.name === parent)
    if (dataset === undefined) return [`Stream ${name} has the parent ${parent}, which is no dataset.`]
    if (dataset.key.length === 0) return [`Stream ${name} has the parent ${parent}, whose rows have no key; load it with merge or replace.`]
    let steps = 0
    for (let at = parentOf(name); at !== undefined && steps <= streams.length; at = parentOf(at)) {
      if (at === name) return [`Stream ${name} would be its own parent.`]
      steps++
    }
    return []
  })
}
