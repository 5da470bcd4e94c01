import type { Connector } from '@handover/sdk'
import { LeaseLostError, SourceError } from '../shared/errors.ts'
import { addCounts, balances, countsOf, noCounts, writeBalance } from './balance.ts'
import type { Target } from './batch-writer.ts'
import { LoadDataset } from './load-dataset.entity.ts'
import { HeldError, UnbalancedError } from './load-errors.ts'
import type { LoadPlan, LoadStep } from './load-plan.ts'
import { planReplay } from './replay.ts'
import type { RunContext } from './run-context.ts'
import { planStreams, type StreamPlan } from './stream-plan.ts'
import { StreamRun } from './stream-run.ts'

/** How a load came out: null = everything went well; else the error that says most about it. */
export type LoadResult = { readonly error: unknown } | null

/**
 * Runs one load to the balance: from what the source has, or for a replay from what lies in the quarantine. One stream or dataset after the
 * other; a bad one does not stop the next.
 */
export async function runLoad(run: RunContext, connector: Connector): Promise<LoadResult> {
  const plan = run.load.trigger === 'replay' ? await planReplay(run, connector) : await planLoad(run, connector)
  const errors: unknown[] = []
  for (const step of plan.steps) {
    try {
      await step.run()
    } catch (error) {
      errors.push(error)
      if (run.signal.aborted || error instanceof LeaseLostError) break
      run.log.add(error instanceof HeldError ? 'warning' : 'error', step.failed, {
        reason: error instanceof Error ? error.message : String(error),
      })
    }
  }
  await fetchPictures(run, plan)
  await checkBalance(run)
  return errors.length === 0 ? null : { error: run.signal.aborted ? run.signal.reason : worst(errors) }
}

async function planLoad(run: RunContext, connector: Connector): Promise<LoadPlan> {
  const tables = await run.sources.discover(run.source, run.signal, connector)
  const source = connector.discover ? await run.sources.get(run.source.slug) : run.source
  const plans = planStreams(connector, run.sources.discoveryOf(source), tables)
  const stepOf = (plan: StreamPlan): LoadStep => ({
    failed: `The stream "${plan.name}" could not be loaded as a whole.`,
    run: () => loadStream(run, plan),
  })
  return { tables, isWhole: true, steps: plans.map(stepOf) }
}

async function loadStream(run: RunContext, plan: StreamPlan): Promise<void> {
  await run.tracer.step('stream', { 'handover.stream': plan.name }, async () => {
    const targets = await new StreamRun(run, plan).run()
    for (const target of targets) await closeDataset(run, target)
  })
}

/** Writes down that a dataset is up to date, and with how many rows. */
async function closeDataset(run: RunContext, { table, totals }: Target): Promise<void> {
  const { load, lease, source, clock } = run
  const rowCount = await run.warehouse.rowCount(table)
  const dataset = table.shape.name
  await run.db.transaction(async (m) => {
    await run.leases.fence(m, lease)
    await writeBalance(m, load.id, dataset, totals, rowCount)
    const changed = totals.inserted + totals.updated + totals.removed > 0
    await run.sources.markLoaded(m, { sourceId: source.id, dataset, at: clock.now(), rowCount, changed })
  })
  run.log.add('info', `"${table.shape.title}" is up to date.`, { ...totals, rows: rowCount })
}

async function fetchPictures(run: RunContext, { tables, isWhole }: LoadPlan): Promise<void> {
  if (!run.media) return
  try {
    if (!run.signal.aborted && !(run.picturesComplete && isWhole)) await run.media.wantAll(tables)
    const finished = await run.media.finish()
    run.setPicturesComplete(finished && (isWhole || run.picturesComplete))
  } catch (error) {
    run.setPicturesComplete(false)
    run.log.add('warning', 'The pictures could not be looked through; the next load tries again.', { reason: String(error) })
  }
}

/** Adds up what is stored, not what is believed: promise 1. */
async function checkBalance({ db, load, log }: RunContext): Promise<void> {
  const all = noCounts()
  for (const stored of await db.write.manager.findBy(LoadDataset, { loadId: load.id })) {
    const counts = countsOf(stored)
    if (!balances(counts)) throw new UnbalancedError(stored.dataset, counts)
    addCounts(all, counts)
  }
  log.add('info', 'Counted again: every record and every row is accounted for.', { read: all.read, made: all.made })
}

/** A failure says more than a load that is held, and one that may pass says that trying again helps. */
function worst(errors: readonly unknown[]): unknown {
  const failures = errors.filter((error) => !(error instanceof HeldError))
  return failures.find((error) => error instanceof SourceError) ?? failures[0] ?? errors[0]
}
