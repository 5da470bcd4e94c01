import { scheduleOf } from '#lib/model/schedule-form.ts'
import { send } from '#lib/model/send.ts'
import type { PreviewedDataset, Refusal, Tested } from '#lib/server/source-drafts.ts'
import type { Draft } from './draft.svelte.ts'

/** What was asked about a draft and what was answered. One question at a time; a page that leaves calls it off. */
export class Answers {
  /** How the test went; null until it has. */
  tested = $state.raw<Tested | null>(null)
  /** Milliseconds that the last question took. */
  took = $state(0)
  /** Why there are no rows to look at. */
  looked = $state.raw<Refusal | null>(null)
  /** Why the source could not be added. */
  saved = $state.raw<Refusal | null>(null)
  /** True after a person called a question off. */
  stopped = $state(false)
  private running = $state.raw<AbortController | null>(null)
  private readonly draft: Draft

  constructor(draft: Draft) {
    this.draft = draft
  }

  get busy(): boolean {
    return this.running !== null
  }

  /** Whether the source answers. Gives the refusal, when it was one. */
  async test(): Promise<Refusal | null> {
    const answer = await this.ask<Tested>('test', (tested) => {
      this.tested = tested
      if (tested.ok) this.draft.reached = Math.max(this.draft.reached, 4)
    })
    return answer?.ok === false ? answer : null
  }

  /** The first rows. Gives the refusal, when it was one. */
  async look(): Promise<Refusal | null> {
    const answer = await this.ask<{ ok: true; datasets: PreviewedDataset[] }>('preview', (looked) => {
      if (looked.ok) this.draft.seen(looked.datasets)
      else this.looked = looked
    })
    return answer?.ok === false ? answer : null
  }

  /** Adds the source. Gives its slug, or null when it was refused. */
  async save(slug: string): Promise<string | null> {
    const asked = scheduleOf(this.draft.schedule)
    if ('fault' in asked) return null
    this.saved = null
    const keep = (answer: { ok: true } | Refusal) => void (this.saved = answer.ok ? null : answer)
    const answer = await this.ask<{ ok: true; slug: string }>('save', keep, { title: this.draft.title, slug, schedule: asked.schedule })
    return answer?.ok ? answer.slug : null
  }

  /** Calls the running question off, because a person wants to. */
  stop(): void {
    this.leave()
    this.stopped = true
  }

  /** Calls the running question off, because nobody looks at its answer. */
  leave(): void {
    this.running?.abort()
    this.running = null
    this.stopped = false
  }

  /** Asks again what was refused or stopped. */
  again(): void {
    this.tested = null
    this.looked = null
    this.stopped = false
  }

  /** Forgets everything: the settings are other ones. */
  forget(): void {
    this.again()
    this.saved = null
  }

  /** `keep` is called before the question counts as answered: whoever sees that nothing is asked any more must see the answer too. */
  private async ask<Answer>(what: string, keep: (answer: Answer | Refusal) => void, more: object = {}): Promise<Answer | Refusal | null> {
    const controller = new AbortController()
    this.running = controller
    const began = performance.now()
    const { connector, values } = this.draft
    const answer = await send<Answer>(`/sources/new/${what}`, { connector: connector?.name, values, ...more }, controller.signal)
    this.took = performance.now() - began
    if (controller.signal.aborted || answer === null) return null
    keep(answer)
    if (this.running === controller) this.running = null
    return answer
  }
}
