import { In, type FindOptionsWhere } from 'typeorm'
import type { Clock } from '../shared/clock.ts'
import { RequestError } from '../shared/errors.ts'
import type { Database } from '../warehouse/warehouse.service.ts'
import { whereOf, type QuarantineFilter } from './quarantine-reader.ts'
import { QuarantinedRecord, type QuarantineState } from './quarantine.entity.ts'

/** Which entries a person means: these, or all that match; never none of both. */
export interface QuarantineChoice extends QuarantineFilter {
  readonly ids?: readonly number[] | null | undefined
}

/** What a decision did. */
export interface Decision {
  readonly count: number
  /** When it was taken; with it `restore` finds exactly these entries again. */
  readonly decidedAt: Date
}

const longestNote = 1_000
const mostIds = 1_000

/** What people decide about the quarantine. Nothing is ever removed. */
export class QuarantineDecisions {
  readonly #db: Database
  readonly #clock: Clock
  #lastAt = 0

  constructor(db: Database, clock: Clock) {
    this.#db = db
    this.#clock = clock
  }

  /** Gives open entries up and keeps why. Throws a `RequestError` without a note or a choice. */
  async discard(choice: QuarantineChoice, note: string): Promise<Decision> {
    const text = note.trim()
    if (text === '') throw new RequestError('Write down why it is left out, so that whoever comes next understands it.')
    if (text.length > longestNote) throw new RequestError(`A note has at most ${longestNote} characters.`)
    return this.#decide(chosen(choice), 'open', (decidedAt) => ({ state: 'discarded', note: text, decidedAt }))
  }

  /** Makes discarded entries open again. `decidedAt` takes back one decision; null takes all that match. */
  async restore(choice: QuarantineChoice, decidedAt: Date | null): Promise<Decision> {
    const where = decidedAt === null ? chosen(choice) : { ...chosen(choice, true), decidedAt }
    return this.#decide(where, 'discarded', () => ({ state: 'open', note: null, decidedAt: null }))
  }

  async #decide(
    where: FindOptionsWhere<QuarantinedRecord>,
    state: QuarantineState,
    changeAt: (decidedAt: Date) => Partial<QuarantinedRecord>,
  ): Promise<Decision> {
    const decidedAt = this.#now()
    const { affected } = await this.#db.write.manager.update(QuarantinedRecord, { ...where, state }, changeAt(decidedAt))
    return { count: affected ?? 0, decidedAt }
  }

  /** No two decisions have the same time, so each can be taken back alone. */
  #now(): Date {
    this.#lastAt = Math.max(this.#clock.now().getTime(), this.#lastAt + 1)
    return new Date(this.#lastAt)
  }
}

/** `mayBeAll`: something else says which. */
function chosen(choice: QuarantineChoice, mayBeAll = false): FindOptionsWhere<QuarantinedRecord> {
  const where = whereOf(choice)
  if (choice.ids) {
    if (choice.ids.length > mostIds)
      throw new RequestError(`At most ${mostIds} entries are named at once; say a source, dataset or reason instead.`)
    return { ...where, id: In([...choice.ids]) }
  }
  if (!mayBeAll && Object.keys(where).length === 0)
    throw new RequestError('Say which entries: their ids, or a source, dataset, reason or column.')
  return where
}
