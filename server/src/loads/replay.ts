import type { Connector } from '@handover/sdk'
import { ConfigError } from '../shared/errors.ts'
import { writeBalance } from './balance.ts'
import type { LoadPlan } from './load-plan.ts'
import { ReplayRun, type Replayed } from './replay-run.ts'
import { Replay } from './replay.entity.ts'
import type { RunContext } from './run-context.ts'
import { planStreams, type StreamPlan } from './stream-plan.ts'

/** Plans what was asked for and is not done. The source is not asked anything: what it has is known from before. */
export async function planReplay(run: RunContext, connector: Connector): Promise<LoadPlan> {
  const { db, sources, source } = run
  const tables = sources.tables(source, connector)
  const plans = planStreams(connector, sources.discoveryOf(source), tables)
  const asked = await db.write.manager.find(Replay, { where: { sourceId: source.id }, order: { dataset: 'ASC' } })
  const steps = asked.map(({ dataset }) => ({
    failed: `What was set aside of "${dataset}" could not be run again.`,
    run: () => replayDataset(run, plans, dataset),
  }))
  return { tables: tables.filter(({ shape }) => asked.some(({ dataset }) => dataset === shape.name)), isWhole: false, steps }
}

async function replayDataset(run: RunContext, plans: readonly StreamPlan[], name: string): Promise<void> {
  for (const plan of plans) {
    const dataset = plan.datasets.find(({ table }) => table.shape.name === name)
    if (dataset) return close(run, await new ReplayRun(run, plan, dataset).run())
  }
  throw new ConfigError(
    `The connector has no dataset "${name}" any more, so what was set aside of it cannot be run again. Discard it with a note.`,
  )
}

/** Writes down that a dataset was run again, and with how many rows. When it was loaded from its source last stays as it was. */
async function close(run: RunContext, { table, totals }: Replayed): Promise<void> {
  const { db, load, lease, leases, source, sources, warehouse, clock, log } = run
  const rowCount = await warehouse.rowCount(table)
  const dataset = table.shape.name
  const changed = totals.inserted + totals.updated + totals.removed > 0
  await db.transaction(async (m) => {
    await leases.fence(m, lease)
    await writeBalance(m, load.id, dataset, totals, rowCount)
    await sources.markLoaded(m, { sourceId: source.id, dataset, at: clock.now(), rowCount, changed, replayed: true })
    await m.delete(Replay, { sourceId: source.id, dataset })
  })
  log.add('info', `What was set aside of "${table.shape.title}" was run again.`, { ...totals, rows: rowCount })
}
