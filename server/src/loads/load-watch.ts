import type { Logger } from 'pino'
import { LatestQueue } from '../shared/latest-queue.ts'
import type { Database } from '../warehouse/warehouse.service.ts'
import { readMarks, type LoadMark } from './load-marks.ts'
import { systemTimers, type Timers } from './timers.ts'

/** What the watch works with. */
export interface LoadWatchDeps {
  readonly db: Database
  readonly logger: Logger
  /** Calls back when a load of this process has changed. */
  onChanged(listener: () => void): () => void
  /** A text that differs when a source was made, changed or removed. */
  sourcesMark(): Promise<string>
  /** Real ones when left out. */
  readonly timers?: Timers
}

/** Something that is shown has changed, in this process or another one. */
export interface Change {
  /** Ids of loads that were asked for, went on or ended. */
  readonly loads: ReadonlySet<string>
  /** True when a source was made, changed or removed. */
  readonly sources: boolean
}

/** Which loads a listener wants to hear of: one, those of a source (its slug), or all. */
export interface LoadChoice {
  readonly id?: string | null | undefined
  readonly source?: string | null | undefined
}

/** Milliseconds between two looks at the database. */
const beat = 700
/** Milliseconds between two looks when a load of this process has changed: nobody hears of more than four changes in a second. */
const shortest = 250

type Told = (loads: ReadonlyMap<string, LoadMark>, sources: boolean) => void

/**
 * Tells what changes, while somebody listens; without listeners it costs nothing. It looks at the database, because loads may run in
 * other processes; what happens in this process only makes it look sooner.
 */
export class LoadWatch {
  readonly #deps: LoadWatchDeps
  readonly #timers: Timers
  readonly #listeners = new Set<{ readonly tell: Told; readonly end: () => void }>()
  #marks: ReadonlyMap<string, LoadMark> | null = null
  #sources = ''
  #looking: Promise<void> | null = null
  #rest: () => void = () => undefined
  /** `soon` when the next look is as early as it may be. */
  #pace: 'none' | 'beat' | 'soon' = 'none'
  #wanted = false
  #isBlind = false
  #stopHearing: () => void = () => undefined

  constructor(deps: LoadWatchDeps) {
    this.#deps = deps
    this.#timers = deps.timers ?? systemTimers
  }

  /** Everything that changes from now on, gathered while the reader is busy. */
  changes(): AsyncIterableIterator<Change> {
    return this.#listen<Change>((queue) => (loads, sources) => {
      queue.put('change', (waiting) => ({
        loads: new Set([...(waiting?.loads ?? []), ...loads.keys()]),
        sources: sources || (waiting?.sources ?? false),
      }))
    })
  }

  /** Ids of loads, one at a time, whenever they change. The load that was asked for by its id comes at once, as it is. */
  loads({ id, source }: LoadChoice): AsyncIterableIterator<string> {
    return this.#listen<string>((queue) => {
      if (id) queue.put(id, () => id)
      return (loads) => {
        for (const mark of loads.values()) {
          if ((!id || mark.id === id) && (!source || mark.slug === source)) queue.put(mark.id, () => mark.id)
        }
      }
    })
  }

  /** Ends every listener. Resolves when the database is not asked any more. */
  async close(): Promise<void> {
    for (const { end } of this.#listeners) end()
    await this.#looking
  }

  #listen<T>(begin: (queue: LatestQueue<T>) => Told): LatestQueue<T> {
    const queue = new LatestQueue<T>(() => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.#sleep()
    })
    const listener = { tell: begin(queue), end: () => queue.end() }
    this.#listeners.add(listener)
    if (this.#listeners.size === 1) this.#wake()
    return queue
  }

  #wake(): void {
    this.#marks = null
    this.#stopHearing = this.#deps.onChanged(() => this.#hurry())
    this.#look()
  }

  #sleep(): void {
    this.#stopHearing()
    this.#rest()
    this.#pace = 'none'
  }

  /** Looks as soon as it may. */
  #hurry(): void {
    this.#wanted = true
    if (this.#pace !== 'beat') return
    this.#rest()
    this.#wait('soon')
  }

  #wait(pace: 'beat' | 'soon'): void {
    this.#pace = pace
    this.#rest = this.#timers.after(pace === 'soon' ? shortest : beat, () => this.#look())
  }

  #look(): void {
    this.#pace = 'none'
    this.#looking ??= this.#compare()
      .then(
        () => void (this.#isBlind = false),
        (err: unknown) => this.#couldNotLook(err),
      )
      .finally(() => {
        this.#looking = null
        if (this.#listeners.size > 0) this.#wait(this.#wanted ? 'soon' : 'beat')
      })
  }

  /** Said once: a database that is gone for an hour is one line. */
  #couldNotLook(err: unknown): void {
    if (!this.#isBlind) this.#deps.logger.warn({ err }, 'Changes of loads could not be looked for; it is tried again')
    this.#isBlind = true
  }

  async #compare(): Promise<void> {
    this.#wanted = false
    const known = this.#marks
    const active = [...(known?.values() ?? [])].filter((mark) => mark.active).map(({ id }) => id)
    const [marks, sources] = [await readMarks(this.#deps.db, active), await this.#deps.sourcesMark()]
    const changed = new Map([...marks].filter(([id, mark]) => known !== null && known.get(id)?.text !== mark.text))
    const otherSources = known !== null && sources !== this.#sources
    this.#marks = marks
    this.#sources = sources
    if (changed.size === 0 && !otherSources) return
    for (const { tell } of this.#listeners) tell(changed, otherSources)
  }
}
