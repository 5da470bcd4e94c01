import { draftOf, type ScheduleDraft } from '#lib/model/schedule-form.ts'
import { placeFaults, valuesOf, type Fault, type PlacedFaults, type Values } from '#lib/model/settings-form.ts'
import type { PreviewedDataset } from '#lib/server/source-drafts.ts'
import type { Connector } from '#lib/server/sources.ts'

const KEY = 'new-source'
/** How many steps there are. */
export const STEPS = 5
const NO_FAULTS: PlacedFaults = { at: {}, rest: [], inside: {} }

/** What of a draft outlives a reload of its tab. Never a secret: of those only their names. */
interface Kept {
  connector: string
  values: Values
  typed: string[]
  title: string
  slug: string | null
  schedule: ScheduleDraft
  reached: number
}

/** A source that is being filled in, step by step. */
export class Draft {
  connector = $state.raw<Connector | null>(null)
  values = $state.raw<Values>({})
  faults = $state.raw<PlacedFaults>(NO_FAULTS)
  /** The sentence over the faults; null when nothing was refused. */
  refused = $state.raw<string | null>(null)
  preview = $state.raw<PreviewedDataset[] | null>(null)
  title = $state('')
  /** null: as it is suggested for the title. */
  slug = $state<string | null>(null)
  schedule = $state.raw<ScheduleDraft>(draftOf(null, 'UTC'))
  /** The last step that may be opened. */
  reached = $state(1)
  /** Secrets that a reload has taken away, to be typed again. */
  lost = $state.raw<string[]>([])

  constructor(timeZone: string) {
    this.schedule = { ...draftOf(null, timeZone), kind: 'daily' }
  }

  /** Begins with a connector; what was filled in for another one is gone. */
  choose(connector: Connector): void {
    if (this.connector?.name !== connector.name) {
      this.connector = connector
      this.values = valuesOf(connector.form)
      this.title = ''
      this.slug = null
      this.lost = []
      this.changed()
    }
    this.reached = Math.max(this.reached, 2)
  }

  /** Takes over what was typed: what was tested and seen of other settings does not count any more. */
  type(values: Values): void {
    const other = Object.keys(values).filter((name) => values[name] !== this.values[name])
    this.values = values
    this.lost = this.lost.filter((name) => !values[name])
    const at = Object.fromEntries(Object.entries(this.faults.at).filter(([name]) => !other.includes(name)))
    this.changed({ at, rest: [], inside: this.faults.inside })
  }

  /** Takes over what the first rows look like; now there is a name to suggest. */
  seen(datasets: PreviewedDataset[]): void {
    this.preview = datasets
    this.title ||= (datasets.length === 1 ? datasets[0]?.title : this.connector?.title) ?? ''
    this.reached = STEPS
  }

  /** Puts the faults of an answer to their fields. True when there is a field to mend. */
  refuse(message: string, faults: readonly Fault[]): boolean {
    const names = this.connector?.form.map((setting) => setting.name) ?? []
    this.faults = placeFaults(faults, names)
    this.refused = message
    return Object.keys(this.faults.at).length > 0
  }

  /** Keeps the draft for this tab, without secrets. */
  keep(): void {
    if (!this.connector) return
    const secrets = this.connector.form.filter((setting) => setting.kind === 'SECRET').map((setting) => setting.name)
    const values = Object.fromEntries(Object.entries(this.values).filter(([name]) => !secrets.includes(name)))
    const typed = secrets.filter((name) => this.values[name] || this.lost.includes(name))
    const { title, slug, schedule, reached } = this
    sessionStorage.setItem(
      KEY,
      JSON.stringify({ connector: this.connector.name, values, typed, title, slug, schedule, reached } satisfies Kept),
    )
  }

  /** Takes up the draft that this tab has kept, where its connector is still there. */
  restore(connectors: readonly Connector[]): void {
    const kept = read()
    const connector = connectors.find((one) => one.ready && one.name === kept?.connector)
    if (!kept || !connector) return
    this.connector = connector
    this.values = { ...valuesOf(connector.form), ...kept.values }
    this.title = kept.title
    this.slug = kept.slug
    this.schedule = kept.schedule
    this.lost = kept.typed
    this.reached = kept.typed.length > 0 ? Math.min(kept.reached, 2) : kept.reached
  }

  /** Ends the draft: its source is made, or it is not wanted. */
  forget(): void {
    this.connector = null
    this.values = {}
    this.reached = 1
    sessionStorage.removeItem(KEY)
  }

  private changed(faults = NO_FAULTS): void {
    this.faults = faults
    this.refused = null
    this.preview = null
    this.reached = Math.min(this.reached, 2)
  }
}

function read(): Kept | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Kept | null
  } catch {
    return null
  }
}
