import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { listed, records, type Extract } from './listed.ts'
import { TestLoads } from './test-loads.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

describe('the memory of a load', () => {
  it('does not grow with the pages that are done', async () => {
    const pages: WeakRef<object>[] = []
    let held = Infinity
    const extract: Extract = async function* () {
      for (let page = 0; page < 30; page++) {
        const given = records(page * 1000, 1000)
        pages.push(new WeakRef(given[0] as object))
        yield { records: given, cursor: page }
        if (page < 25) continue
        // What is held by a step that is just ending is not held by the load.
        await new Promise((resolve) => setImmediate(resolve))
        collectGarbage()
        held = Math.min(held, pages.filter((one) => one.deref() !== undefined).length)
      }
    }
    await using test = await TestLoads.open({ connectors: [listed({ a: extract })] })
    const { load } = await test.firstLoad('listed')
    expect(load).toMatchObject({ state: 'succeeded', records: 30_000 })
    // Those that are made, landed, waiting, and in a batch of 5,000 rows that is filled while another one is written.
    expect(held).toBeLessThan(15)
  })
})

describe('a batch that cannot be written while the next one is filled', () => {
  it('is followed by none, and the next load goes on from the one before it', async () => {
    const extract: Extract = async function* ({ cursor }) {
      for (let page = Number(cursor ?? 0); page < 8; page++) yield { records: records(page * 2500, 2500), cursor: page + 1 }
    }
    let writes = 0
    const probe = (point: string): void => {
      if (point === 'in-write' && ++writes === 2) throw new Error('The disk is gone.')
    }
    await using test = await TestLoads.open({ connectors: [listed({ a: extract })], probe: probe as never })
    const { source, load } = await test.firstLoad('listed')
    expect(load).toMatchObject({ state: 'failed' })
    expect(writes).toBe(2)
    expect(await test.rows(source, 'a')).toHaveLength(5000)
    expect(await test.balance(load, 'a')).toMatchObject({ read: 5000, inserted: 5000 })
    const again = await test.load(source)
    expect(again).toMatchObject({ state: 'succeeded' })
    expect(await test.balance(again, 'a')).toMatchObject({ read: 15_000, inserted: 15_000, rowsAfter: 20_000 })
  })
})
