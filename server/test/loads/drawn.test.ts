import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ConfigError } from '@handover/sdk'
import { noTracer, type Tracer } from '../../src/shared/tracer.ts'
import { gate, giving, listed, records, stuck, type Extract } from './listed.ts'
import { TestLoads } from './test-loads.ts'

const page = readFileSync(new URL('../../../docs/technical/readme.md', import.meta.url), 'utf8')
const diagram = (kind: string): string => new RegExp(`\`\`\`mermaid\\n${kind}\\n([\\s\\S]*?)\`\`\``).exec(page)![1]!

/** A stream that does something else each time that it is read. */
const inTurn = (turns: Extract[]): Extract =>
  async function* (context) {
    yield* turns.shift()!(context)
  }

describe('a load, as the technical page draws it', () => {
  it('takes its steps in that order', async () => {
    const began: string[] = []
    const tracer: Tracer = {
      ...noTracer,
      step: (name, facts, work) => {
        began.push(name)
        return noTracer.step(name, facts, work)
      },
    }
    await using test = await TestLoads.open({ connectors: [listed({ a: giving({ records: records(1, 3) }) })], tracer })
    await test.firstLoad('listed')
    const drawn = [...diagram('sequenceDiagram').matchAll(/: (\w+) · /g)].map(([, step]) => step)
    expect(began.filter((step) => step !== 'stream')).toEqual(drawn)
  })

  it('makes exactly those moves between its states', async () => {
    const reached = gate()
    const fails: Extract = () => {
      throw new ConfigError('It does not work.')
    }
    const turns = [giving({ records: records(1, 20) }), giving({ records: records(1, 5) }), fails, stuck({ records: [] }, reached.open)]
    const connectors = [listed({ a: inTurn(turns) }, 'replace')]
    await using first = await TestLoads.open({ connectors })
    await first.db.write.query('CREATE TABLE seen_moves (old varchar(20), new varchar(20))')
    await first.db.write.query(
      'CREATE TRIGGER see_moves AFTER UPDATE ON handover_load FOR EACH ROW BEGIN INSERT INTO seen_moves VALUES (OLD.state, NEW.state); END',
    )
    const source = await first.source('listed')
    await first.loads.cancel((await first.loads.recent(source.id, null, 1))[0]!.id)
    await first.loads.start()
    for (const state of ['succeeded', 'held', 'failed']) expect((await first.load(source)).state).toBe(state)
    const { id } = await first.loads.request(source.id, 'person')
    await reached.opened
    await first.loads.cancel(id)
    await first.loads.idle()
    const again = gate()
    turns.push(stuck({ records: [] }, again.open))
    await first.loads.request(source.id, 'person')
    await again.opened
    await first.stop()
    await using second = await TestLoads.open({ connectors, folder: first.folder })
    const seen: { move: string }[] = await second.db.read.query(
      "SELECT DISTINCT concat(old, ' --> ', new) AS move FROM seen_moves WHERE old <> new",
    )
    const drawn = [...diagram('stateDiagram-v2').matchAll(/^ +(\w+ --> \w+)/gm)].map(([, move]) => move)
    expect(seen.map(({ move }) => move).toSorted()).toEqual(drawn.toSorted())
  })
})
