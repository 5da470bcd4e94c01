import { setTimeout as wait } from 'node:timers/promises'
import { UnreachableError, type Api } from './api.ts'
import { CliError, type Call } from './call.ts'
import { fetched, hasEnded, LOAD_FIELDS, type Load } from './load-text.ts'
import { lengthOfTime } from './words.ts'

const PAUSE_MS = 500
/** Where there is no screen, a line this often is enough. */
const LINE_MS = 5000
/** A server that is started anew takes its load up again; one that stays away longer is not waited for. */
const PATIENCE_MS = 60_000

/** Looks at a load again and again until it has ended; null when Ctrl-C was pressed. Throws when the server stays away. */
export async function follow(call: Call, api: Api, load: Load): Promise<Load | null> {
  const interrupted = call.interruption()
  const progress = new Progress(call)
  let current = load
  while (!hasEnded(current)) {
    progress.show(current)
    await wait(PAUSE_MS, undefined, { signal: interrupted }).catch(() => undefined)
    if (!interrupted.aborted) current = await look(call, api, current, interrupted)
    if (interrupted.aborted && !hasEnded(current)) return (progress.end(), null)
  }
  progress.end()
  return current
}

/** How the load stands now. A server that does not answer for a while is asked again. */
async function look({ clock, terminal }: Call, api: Api, { id }: Load, interrupted: AbortSignal): Promise<Load> {
  const since = clock.now().getTime()
  for (let attempt = 1; ; attempt++) {
    try {
      const { load } = await api.ask<{ load: Load | null }>(`query ($id: ID!) { load(id: $id) { ${LOAD_FIELDS} } }`, { id })
      if (load === null) throw new CliError(`The load ${id} is not there any more: its source was removed.`, 1)
      return load
    } catch (error) {
      const isOver = interrupted.aborted || clock.now().getTime() - since > PATIENCE_MS
      if (!(error instanceof UnreachableError) || isOver) throw error
      if (attempt === 1) {
        terminal.progress('')
        terminal.error('The server does not answer. Waiting for it; the load goes on as soon as it runs again.')
      }
      await wait(PAUSE_MS, undefined, { signal: interrupted }).catch(() => undefined)
    }
  }
}

/** Shows how far a load is: one line that changes on a screen, else a line whenever there is something new, not too often. */
class Progress {
  readonly #call: Call
  readonly #startedAt: number
  #last = ''
  #saidAt = 0

  constructor(call: Call) {
    this.#call = call
    this.#startedAt = call.clock.now().getTime()
  }

  show(load: Load): void {
    const { terminal, clock, flags } = this.#call
    if (flags.has('json')) return
    const now = clock.now().getTime()
    const text = load.state === 'QUEUED' ? 'Waiting for its turn' : `Loading: ${fetched(load)}`
    if (terminal.columns !== null) return terminal.progress(`${text}, ${lengthOfTime(now - this.#startedAt)}`)
    if (text === this.#last || now - this.#saidAt < LINE_MS) return
    terminal.line(text)
    this.#last = text
    this.#saidAt = now
  }

  end(): void {
    if (!this.#call.flags.has('json')) this.#call.terminal.progress('')
  }
}
