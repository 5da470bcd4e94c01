import { In, IsNull, LessThan, Not, type EntityManager } from 'typeorm'
import { ConflictError, NotFoundError } from '../shared/errors.ts'
import { LoadDataset } from './load-dataset.entity.ts'
import { LogLine } from './load-log.entity.ts'
import { Load, type LoadAnswer, type LoadTrigger } from './load.entity.ts'

/** Rows of a dataset as they are, and as a replace would leave them. */
export interface Comparison {
  readonly dataset: string
  readonly before: number
  readonly after: number
}

/** A replace that leaves less than this share of at least so many rows, or none of however few, waits for a person. */
const keptShare = 0.5
const keptMinimum = 10

const said: Readonly<Record<LoadAnswer, string>> = {
  kept: 'A person chose to keep the rows of before.',
  accepted: 'A person took the new list. A load was asked for that may remove the rows.',
}

/** True when one list is so much shorter than another one that a person should look. */
const isShort = ({ before, after }: Pick<Comparison, 'before' | 'after'>): boolean =>
  (before >= keptMinimum && after < before * keptShare) || (before > 0 && after === 0)

/**
 * The first of these replaces that must wait for a person; null when all may go on. Whoever took a short list before has said yes to about
 * that many rows, and only until the next success: a list that is much shorter still waits again.
 */
export async function firstToWait(m: EntityManager, load: Load, all: readonly Comparison[]): Promise<Comparison | null> {
  const short = all.filter(isShort)
  if (short.length === 0) return null
  const last = await lastVerdict(m, load.sourceId, load.id)
  const taken = last?.answer === 'accepted' ? await m.findBy(LoadDataset, { loadId: last.id }) : []
  const offered = new Map(taken.map(({ dataset, rowsOffered }) => [dataset, rowsOffered]))
  const isTaken = ({ dataset, after }: Comparison): boolean => {
    const before = offered.get(dataset) ?? null
    return before !== null && !isShort({ before, after })
  }
  return short.find((each) => !isTaken(each)) ?? null
}

/** Writes down what a held load compared, for the person who will look: every list that is short, so that one answer is enough. */
export async function noteComparisons(m: EntityManager, loadId: string, all: readonly Comparison[]): Promise<void> {
  for (const { dataset, before, after } of all.filter(isShort))
    await m.update(LoadDataset, { loadId, dataset }, { rowsBefore: before, rowsOffered: after })
}

/** Writes down what a person says about a held load. Throws a `ConflictError` when there is nothing to say about it (any more). */
export async function answerHeld(m: EntityManager, id: string, answer: LoadAnswer, at: Date): Promise<Load> {
  const load = await m.findOneBy(Load, { id })
  if (!load) throw new NotFoundError('There is no such load.')
  if (load.state !== 'held') throw new ConflictError('This load does not wait for an answer.')
  if ((await lastVerdict(m, load.sourceId))?.id !== id)
    throw new ConflictError('A later load of this source has ended since, so there is nothing to answer any more.')
  const { affected } = await m.update(Load, { id, state: 'held', answer: IsNull() }, { answer, answeredAt: at })
  if (affected !== 1) throw new ConflictError('Somebody has answered this already.')
  await m.insert(LogLine, { loadId: id, at, level: 'info', message: said[answer], fields: null })
  return Object.assign(load, { answer, answeredAt: at })
}

/** The newest load that says what the tables hold or wait for: a success or a held one, before the load given. A replay says neither. */
export function lastVerdict(m: EntityManager, sourceId: string, before?: string): Promise<Load | null> {
  const where = {
    sourceId,
    state: In(['succeeded', 'held']),
    trigger: Not<LoadTrigger>('replay'),
    ...(before !== undefined && { id: LessThan(before) }),
  }
  return m.findOne(Load, { where, order: { id: 'DESC' } })
}
