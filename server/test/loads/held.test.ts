import { describe, expect, it } from 'vitest'
import type { Load } from '../../src/loads/loads.service.ts'
import { listed, records, type Extract } from './listed.ts'
import { newest, TestLoads } from './test-loads.ts'

/** A source whose list a test makes longer and shorter; it fails when the list is null. */
function shrinking() {
  const list: { a: { id: number }[] | null; b: { id: number }[] } = { a: records(1, 20), b: records(1, 20) }
  const extract = (name: 'a' | 'b'): Extract =>
    async function* () {
      if (list[name] === null) throw new Error('not there')
      yield { records: list[name] }
    }
  const connector = listed({ a: extract('a'), b: extract('b') }, 'replace')
  return { list, connector }
}

/** A load that is held because only 9 of 20 rows would be left. */
async function heldLoad() {
  const { list, connector } = shrinking()
  const test = await TestLoads.open({ connectors: [connector] })
  const { source } = await test.firstLoad('listed')
  list.a = records(1, 9)
  const held = await test.load(source)
  const state = async () => (await test.loads.sourceStates()).get(source.id)!.state
  const rows = async () => (await test.rows(source, 'a')).length
  return { test, list, source, held, state, rows, [Symbol.asyncDispose]: () => test[Symbol.asyncDispose]() }
}

describe('a held load', () => {
  it('says how many rows there are and how many would be left', async () => {
    await using at = await heldLoad()
    expect(at.held).toMatchObject({ state: 'held', answer: null, answeredAt: null })
    expect(await at.test.balance(at.held, 'a')).toMatchObject({ rowsBefore: 20, rowsOffered: 9 })
    expect(await at.test.balance(at.held, 'b')).toMatchObject({ rowsBefore: null, rowsOffered: null })
    expect(await at.state()).toBe('HELD')
  })

  it('is also one that would empty a small table', async () => {
    const { list, connector } = shrinking()
    list.a = records(1, 3)
    await using test = await TestLoads.open({ connectors: [connector] })
    const { source } = await test.firstLoad('listed')
    list.a = []
    expect((await test.load(source)).state).toBe('held')
    expect(await test.rows(source, 'a')).toHaveLength(3)
    list.a = records(1, 1)
    expect((await test.load(source)).state).toBe('succeeded')
  })

  it('lets the next load remove the rows when a person takes the new list', async () => {
    await using at = await heldLoad()
    const asked = await at.test.loads.accept(at.held.id)
    await at.test.loads.idle()
    expect(await at.test.loads.get(asked.id)).toMatchObject({ state: 'succeeded', trigger: 'person' })
    expect(await at.rows()).toBe(9)
    expect(await at.state()).toBe('ON_TIME')
    expect(await at.test.loads.get(at.held.id)).toMatchObject({ state: 'held', answer: 'accepted', answeredAt: at.test.now })
    expect((await at.test.log(at.held)).at(-1)).toMatchObject({ message: expect.stringContaining('took the new list') })
  })

  it('keeps the rows of before when a person says so, and the source waits no more', async () => {
    await using at = await heldLoad()
    expect(await at.test.loads.dismiss(at.held.id)).toMatchObject({ state: 'held', answer: 'kept' })
    expect(await at.state()).toBe('ON_TIME')
    expect(await at.rows()).toBe(20)
    expect((await at.test.load(at.source)).state).toBe('held')
    expect(await at.state()).toBe('HELD')
  })

  it('is answered once', async () => {
    await using at = await heldLoad()
    await at.test.loads.dismiss(at.held.id)
    await expect(at.test.loads.accept(at.held.id)).rejects.toMatchObject({ code: 'CONFLICT' })
    await expect(at.test.loads.dismiss('nothing')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('cannot be answered when a later load has ended, or when it does not wait', async () => {
    await using at = await heldLoad()
    at.list.a = records(1, 15)
    const later = await at.test.load(at.source)
    for (const load of [at.held, later]) await expect(at.test.loads.accept(load.id)).rejects.toMatchObject({ code: 'CONFLICT' })
  })
})

describe('a yes to a short list', () => {
  const accept = async (test: TestLoads, held: Load): Promise<Load> => {
    const { id } = await test.loads.accept(held.id)
    await test.loads.idle()
    return test.loads.get(id)
  }

  it('outlives a load that fails', async () => {
    await using at = await heldLoad()
    const nine = at.list.a
    at.list.a = null
    expect((await accept(at.test, at.held)).state).toBe('failed')
    at.list.a = nine
    expect((await at.test.load(at.source)).state).toBe('succeeded')
    expect(await at.rows()).toBe(9)
  })

  it('is not a yes to a list that is much shorter still', async () => {
    await using at = await heldLoad()
    at.list.a = records(1, 3)
    // 9 rows are too few to ask about; the list that is compared with is the one of before.
    expect((await accept(at.test, at.held)).state).toBe('succeeded')
    at.list.a = records(1, 100)
    await at.test.load(at.source)
    at.list.a = records(1, 40)
    const forty = await at.test.load(at.source)
    at.list.a = records(1, 12)
    expect((await accept(at.test, forty)).state).toBe('held')
    expect(await at.rows()).toBe(100)
  })

  it('ends with the next success', async () => {
    await using at = await heldLoad()
    await accept(at.test, at.held)
    at.list.a = records(1, 20)
    await at.test.load(at.source)
    at.list.a = records(1, 9)
    expect((await at.test.load(at.source)).state).toBe('held')
  })

  it('is one for all lists of the load', async () => {
    await using at = await heldLoad()
    at.list.b = records(1, 8)
    const both = await at.test.load(at.source)
    expect(await at.test.balance(both, 'b')).toMatchObject({ rowsBefore: 20, rowsOffered: 8 })
    expect((await accept(at.test, both)).state).toBe('succeeded')
    expect((await newest(at.test, at.source.id)).state).toBe('succeeded')
  })
})
