import { defineConnector, deleted, type Connector, type LoadMode } from '@handover/sdk'
import { z } from 'zod'
import { seeded } from './ledger.ts'

/** What the source of these tests says: a value for some ids, the end of one, or something that only the mended connector understands. */
export interface Change {
  readonly ids: readonly number[]
  readonly value: string | null
  /** How the connector stumbles over it before it is mended; `never` also after. */
  readonly stumble: 'no' | 'record' | 'row' | 'never'
}

/** Seeded random pages of changes to few ids, so that most rows have several versions; about four in a hundred are bad. */
export function changesOf(seed: number, pages: number, size: number, ids = 40): Change[][] {
  const random = seeded(seed)
  const whole = (below: number) => Math.floor(random() * below)
  const change = (): Change => {
    const dice = whole(1000)
    const stumble = dice < 15 ? 'record' : dice < 30 ? 'row' : dice < 40 ? 'never' : 'no'
    const value = dice >= 900 ? null : `v${whole(1000)}`
    return { ids: Array.from({ length: dice % 3 === 0 ? 2 : 1 }, () => whole(ids)), value, stumble }
  }
  return Array.from({ length: pages }, () => Array.from({ length: size }, change))
}

const columns = z.object({ id: z.int().describe('Number'), value: z.string().max(10).describe('Value') })

/**
 * Reads `pages` by a cursor. Before it is mended it cannot use some records at all, and spoils the first row of others; afterwards only those
 * that say `never` stay bad. `asked` is called for every page that is fetched.
 */
export function stumbling(pages: readonly (readonly Change[])[], mended: boolean, asked: () => void = () => undefined): Connector {
  const valueOf = (change: Change, index: number): string =>
    change.stumble === 'never' || (change.stumble === 'row' && index === 0 && !mended) ? 'much too long a value' : change.value!
  const rowsOf = (change: Change) => {
    if (change.stumble === 'record' && !mended) throw new Error('not understood')
    return change.ids.map((id, index) => ({ id, value: valueOf(change, index) }))
  }
  const dataset = (load: LoadMode, transform: (change: Change) => unknown, from = 'changes') => ({
    ...{ from, about: 'For a test.', load, columns, transform },
    ...(load !== 'append' && { key: ['id'] }),
  })
  const current = (change: Change) => {
    const rows = rowsOf(change)
    return change.value === null && change.stumble !== 'never' ? change.ids.map((id) => deleted({ id })) : rows
  }
  return defineConnector({
    ...{ name: 'stumbling', title: 'Stumbling', about: 'For a test.', config: z.object({}) },
    streams: {
      changes: {
        about: 'Changes.',
        async *extract({ cursor }: { cursor: unknown }) {
          for (let page = Number(cursor ?? 0); page < pages.length; page++) {
            asked()
            yield { records: pages[page]!, cursor: page + 1 }
          }
        },
      },
      list: {
        about: 'All of them.',
        async *extract() {
          for (const page of pages) {
            asked()
            yield { records: page }
          }
        },
      },
    },
    datasets: {
      items: dataset('merge', current),
      events: dataset('append', (change) => (change.value === null ? null : rowsOf(change))),
      list: dataset('replace', current, 'list'),
    },
  } as never) as unknown as Connector
}

const many = Array.from({ length: 6_000 }, (_, id) => id)

/** Pages of which one bad record makes more rows than one transaction holds, and later ones speak about some of the same rows. */
export const crashPages: readonly (readonly Change[])[] = [
  ...changesOf(3, 1, 200),
  [{ ids: many, value: 'old', stumble: 'record' }],
  [{ ids: many.slice(0, 3_000), value: 'new', stumble: 'no' }],
  ...changesOf(4, 2, 200, 6_000),
]
