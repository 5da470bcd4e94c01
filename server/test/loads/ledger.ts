import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineConnector, deleted, rawRecord, unreadable, type Connector, type Page } from '@handover/sdk'
import { z } from 'zod'
import { noCounts, type Counts } from '../../src/loads/balance.ts'

/** What the source of these tests says, record by record. */
export type Entry =
  | { op: 'put'; ids: number[]; value: string }
  | { op: 'delete'; id: number }
  | { op: 'ignore' }
  | { op: 'misfit'; id: number }
  | { op: 'crash' }
  | { op: 'garbage'; text: string }

/** Numbers from 0 to below 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

/** Pages of seeded random entries; about three in a hundred are bad. */
export function pagesOf(seed: number, pages: number, size: number): Entry[][] {
  const random = seeded(seed)
  const whole = (below: number) => Math.floor(random() * below)
  const entry = (): Entry => {
    const dice = whole(100)
    if (dice < 1) return { op: 'misfit', id: whole(500) }
    if (dice < 2) return { op: 'crash' }
    if (dice < 3) return { op: 'garbage', text: `{"cut ${whole(1e9)}` }
    if (dice < 13) return { op: 'ignore' }
    if (dice < 23) return { op: 'delete', id: whole(500) }
    const ids = Array.from({ length: dice < 40 ? 3 : 1 }, () => whole(500))
    return { op: 'put', ids, value: `v${whole(3)}` }
  }
  return Array.from({ length: pages }, () => Array.from({ length: size }, entry))
}

/** What the tables must hold, and the balance of each, made in the plainest way. */
export function oracle(entries: readonly Entry[]): Record<'items' | 'events', { rows: unknown[]; counts: Counts }> {
  const items = new Map<number, string>()
  const events: { id: number; value: string }[] = []
  const counts = { items: noCounts(), events: noCounts() }
  for (const entry of entries) {
    for (const each of [counts.items, counts.events]) {
      each.read++
      if (entry.op === 'crash' || entry.op === 'garbage') each.quarantinedRecords++
      else if (entry.op === 'ignore' || (entry.op === 'delete' && each === counts.events)) each.filtered++
      else each.transformed++
      if (entry.op === 'misfit') each.quarantinedRows++
      if (entry.op === 'misfit' || entry.op === 'put') each.made += entry.op === 'put' ? entry.ids.length : 1
    }
    if (entry.op === 'delete') items.delete(entry.id)
    if (entry.op !== 'put') continue
    for (const id of entry.ids) {
      items.set(id, entry.value)
      events.push({ id, value: entry.value })
    }
  }
  const sorted = [...items].sort(([a], [b]) => a - b).map(([id, value]) => ({ id, value }))
  return { items: { rows: sorted, counts: counts.items }, events: { rows: events, counts: counts.events } }
}

const config = z.object({
  seed: z.int().default(1).describe('Seed'),
  pages: z.int().default(6).describe('How many pages'),
  size: z.int().default(1000).describe('Records of a page'),
})
const columns = z.object({ id: z.int().describe('Number'), value: z.string().max(10).describe('Value') })

const rowsOf = (entry: Entry) => {
  if (entry.op === 'crash') throw new Error('no such thing')
  if (entry.op === 'misfit') return { id: entry.id, value: 'much too long a value' }
  return entry.op === 'put' ? entry.ids.map((id) => ({ id, value: entry.value })) : null
}

/** Garbage has a text of its own; everything else is written as JSON. */
const record = (entry: Entry): unknown =>
  entry.op === 'garbage' ? unreadable(entry.text, 'It is cut off.') : rawRecord(JSON.stringify(entry), entry)

/** `changes` feeds a merge and an append with a cursor, `list` feeds a replace. Writes down every page that is fetched. */
export function ledger(change: (page: number) => void | Promise<void> = () => undefined): Connector {
  async function* pages(
    stream: string,
    { seed, pages, size }: z.output<typeof config>,
    folder: string,
    from: number,
  ): AsyncGenerator<Page> {
    const all = pagesOf(seed, pages, size)
    for (let page = from; page < all.length; page++) {
      appendFileSync(join(folder, 'fetched.log'), `${stream} ${page}\n`)
      await change(page)
      yield { records: all[page]!.map(record), cursor: page + 1 }
    }
  }
  return defineConnector({
    name: 'ledger',
    title: 'Ledger',
    about: 'Invented changes.',
    config,
    streams: {
      changes: {
        about: 'Changes.',
        extract: ({ config, filesFolder, cursor }) => pages('changes', config, filesFolder, Number(cursor ?? 0)),
      },
      list: { about: 'All.', extract: ({ config, filesFolder }) => pages('list', config, filesFolder, 0) },
    },
    datasets: {
      items: {
        ...{ from: 'changes', about: 'Newest value of each.', key: ['id'], load: 'merge', columns },
        transform: (entry: Entry) => (entry.op === 'delete' ? deleted({ id: entry.id }) : rowsOf(entry)),
      },
      events: { from: 'changes', about: 'Every value.', load: 'append', columns, transform: (entry: Entry) => rowsOf(entry) },
      list: { from: 'list', about: 'Values as listed.', key: ['id'], load: 'replace', columns, transform: (entry: Entry) => rowsOf(entry) },
    },
  }) as unknown as Connector
}
