import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { decimal, instant, int64 } from './column-types.ts'
import { deleted, type Dataset, type DiscoveredDataset } from './contract.ts'
import { rawRecord, unreadable } from './record.ts'
import { compileDataset, compileDiscovered, type CompiledDataset } from './rows.ts'

const columns = z.object({
  id: int64().describe('Number'),
  name: z.string().max(5).describe('Name'),
  total: decimal(6, 2).nullable().describe('Sum'),
  at: instant().optional().describe('When'),
})

const declared = (transform: (record: any, partition: string) => unknown): CompiledDataset =>
  compileDataset('orders', { from: 'orders', about: 'Orders', key: ['id'], load: 'merge', columns, transform } as Dataset)

/** The same dataset as `discover` would describe it. */
function discovered(transform: (record: any, partition: string) => unknown): CompiledDataset {
  const { shape } = declared(() => null)
  return compileDiscovered(
    { ...shape, hint: 'mine' } as DiscoveredDataset,
    (dataset, record, partition) => (expect(dataset.hint).toBe('mine'), transform(record, partition)) as null,
  )
}

describe.each([
  ['a declared dataset', declared],
  ['a discovered dataset', discovered],
])('%s', (_name, compile) => {
  const same = compile((record) => record)

  it('is told the partition that the record came in; none where a stream is one piece', () => {
    const labelled = compile((record, partition) => ({ ...record, name: partition }))
    const nameIn = (partition?: string): unknown => (labelled.rows({ id: 1n, total: null }, partition) as any).items[0].values[1]
    expect([nameIn('SE3'), nameIn()]).toEqual(['SE3', ''])
  })

  it('gives values in the order of the columns, settled, with null for missing', () => {
    const outcome = same.rows({ total: 12.5, name: 'Åsa', id: 7n, extra: 1 })
    expect(outcome).toEqual({ kind: 'rows', items: [{ values: [7n, 'Åsa', '12.50', null] }] })
    expect(same.rows({ id: 1n, name: '', total: null, at: '2026-01-01T01:00:00+01:00' })).toMatchObject({
      items: [{ values: [1n, '', null, '2026-01-01T00:00:00.000Z'] }],
    })
  })

  it('makes nothing, one or many of a record', () => {
    expect(same.rows(null)).toEqual({ kind: 'filtered' })
    expect(same.rows([])).toEqual({ kind: 'filtered' })
    expect(same.rows([{ id: 1n, name: 'a', total: null }, deleted({ id: '2' })])).toEqual({
      kind: 'rows',
      items: [{ values: [1n, 'a', null, null] }, { deletedKey: [2n] }],
    })
  })

  it('sets a bad row aside and keeps its neighbours', () => {
    const outcome = same.rows([
      { id: 1n, name: 'a\ud800', total: 1 },
      { id: 2n, name: 'b', total: 1 },
      'odd',
      deleted({}),
      { id: 'x', name: 'c', total: 1 },
    ])
    expect(outcome).toEqual({
      kind: 'rows',
      items: [
        { rejected: { code: 'ROW_INVALID', column: 'name', reason: expect.stringContaining('unpaired surrogate') } },
        { values: [2n, 'b', '1.00', null] },
        { rejected: { code: 'ROW_INVALID', column: null, reason: 'The connector made text where a row was expected.' } },
        { rejected: { code: 'ROW_INVALID', column: 'id', reason: 'id is missing.' } },
        { rejected: { code: 'ROW_INVALID', column: 'id', reason: expect.stringContaining('must be a whole number') } },
      ],
    })
  })

  it('names the missing column', () => {
    expect(same.rows({ id: 1n, total: null })).toMatchObject({
      items: [{ rejected: { column: 'name', reason: expect.stringMatching(/^name/) } }],
    })
  })

  it('rejects a record that transform cannot use or makes no row of', () => {
    const failing = compile((record) => record.customer.name)
    expect(failing.rows({})).toEqual({ kind: 'rejected', code: 'TRANSFORM_FAILED', reason: expect.stringContaining('undefined') })
    expect(same.rows(undefined)).toMatchObject({ kind: 'rejected', code: 'TRANSFORM_INVALID' })
    expect(same.rows(true)).toMatchObject({ kind: 'rejected', code: 'TRANSFORM_INVALID' })
  })

  it('sets a row aside that it cannot even look at', () => {
    const sparse = compile(() => Object.assign(new Array(2), { 1: { id: 1n, name: 'a', total: null } }))
    expect(sparse.rows({})).toMatchObject({
      kind: 'rows',
      items: [{ rejected: { code: 'ROW_INVALID' } }, { values: [1n, 'a', null, null] }],
    })
    const keyless = compile(() => deleted(null as never))
    expect(keyless.rows({})).toMatchObject({ kind: 'rows', items: [{ rejected: { code: 'ROW_INVALID', column: null } }] })
  })

  it('opens raw records, and rejects those that could not be read', () => {
    expect(same.rows(rawRecord('1;a', { id: 1n, name: 'a', total: null }))).toMatchObject({ kind: 'rows' })
    expect(same.rows(unreadable('1;', 'The line has 1 cell where 2 were expected.'))).toEqual({
      kind: 'rejected',
      code: 'RECORD_UNREADABLE',
      reason: 'The line has 1 cell where 2 were expected.',
    })
  })
})

describe('compileDataset', () => {
  it('holds a default to the rule of its column', () => {
    const bad = z.object({ at: instant().default('tomorrow').describe('When') })
    const { rows } = compileDataset('x', { from: 'x', about: 'x', load: 'append', columns: bad, transform: () => ({}) } as Dataset)
    expect(rows({})).toMatchObject({ items: [{ rejected: { code: 'ROW_INVALID', column: 'at' } }] })
  })

  it('names every fault of a row in one sentence, without showing values', () => {
    const outcome = declared((record) => record).rows({ id: 'secret-1', name: 'secret-2', total: 'secret-3' })
    const [item] = outcome.kind === 'rows' ? outcome.items : []
    expect(item?.rejected?.reason).toMatch(/^id: .*; name: .*; total: /)
    expect(item?.rejected?.reason).not.toContain('secret')
  })

  it('sets a row aside whose check throws', () => {
    const link = z
      .string()
      .max(20)
      .refine((text) => new URL(text).host !== '')
      .describe('Address')
    const shape = { from: 'a', about: 'For a test.', key: ['id'], load: 'merge', transform: (record: object) => record }
    const dataset = compileDataset('links', { ...shape, columns: columns.extend({ link }) } as unknown as Dataset)
    expect(dataset.rows({ id: 1n, name: 'a', total: null, link: 'nowhere' })).toMatchObject({
      kind: 'rows',
      items: [{ rejected: { code: 'ROW_INVALID', reason: 'The row could not be checked: Invalid URL' } }],
    })
  })

  it('cannot remove rows of a dataset without key', () => {
    const { rows } = compileDataset('x', { from: 'x', about: 'x', load: 'append', columns, transform: () => deleted({ id: 1 }) } as Dataset)
    expect(rows({})).toMatchObject({ items: [{ rejected: { code: 'KEY_INVALID' } }] })
  })
})
