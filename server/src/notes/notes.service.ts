import { graphqlName } from '../data-api/data-api.service.ts'
import type { LoadsService } from '../loads/loads.service.ts'
import type { Clock } from '../shared/clock.ts'
import { NotFoundError, RequestError } from '../shared/errors.ts'
import { newId } from '../shared/ids.ts'
import { tableOf, type SourcesService } from '../sources/sources.service.ts'
import type { Database } from '../warehouse/warehouse.service.ts'
import { Note } from './note.entity.ts'

export { Note } from './note.entity.ts'

/** What a note is about. With a source alone it is about all of it. */
export interface NotePlace {
  /** Slug of the source. */
  readonly source: string
  readonly dataset?: string | null | undefined
  /** As GraphQL calls it. */
  readonly column?: string | null | undefined
  /** Id of a load of the source. */
  readonly load?: string | null | undefined
}

/** A note as a person writes it. */
export interface NewNote extends NotePlace {
  readonly text: string
  readonly by?: string | null | undefined
}

interface NotesDeps {
  readonly db: Database
  readonly clock: Clock
  readonly sources: SourcesService
  readonly loads: LoadsService
}

/** A note is short: what is longer belongs into the documentation of the company, and the note says where. */
const LONGEST = 500
const LONGEST_NAME = 64

/** Short notes that people leave, such as "closed on Mondays". They are kept until somebody removes them. */
export class NotesService {
  readonly #deps: NotesDeps

  constructor(deps: NotesDeps) {
    this.#deps = deps
  }

  /** All notes, or those of one source with its datasets, columns and loads; the newest first. */
  list(slug: string | null = null): Promise<Note[]> {
    const where = slug === null ? {} : { slug }
    return this.#deps.db.read.manager.find(Note, { where, order: { at: 'DESC', id: 'DESC' } })
  }

  /** Throws a `RequestError` for a text that is empty or too long, a `NotFoundError` for a place that there is not. */
  async add({ text, by, ...place }: NewNote): Promise<Note> {
    const note = {
      id: newId(this.#deps.clock.now().getTime()),
      ...(await this.#placeOf(place)),
      text: checkedText(text),
      by: checkedName(by),
      at: this.#deps.clock.now(),
    }
    await this.#deps.db.write.manager.insert(Note, note)
    return note
  }

  /** Removes a note for good; gives it, so that it can be written again. Throws a `NotFoundError` when there is none. */
  async remove(id: string): Promise<Note> {
    const { db } = this.#deps
    const note = await db.read.manager.findOneBy(Note, { id })
    if (!note) throw new NotFoundError('This note is not there any more.')
    await db.write.manager.delete(Note, { id })
    return note
  }

  async #placeOf({
    source: slug,
    dataset = null,
    column = null,
    load = null,
  }: NotePlace): Promise<Pick<Note, 'slug' | 'dataset' | 'column' | 'loadId'>> {
    const { sources, loads } = this.#deps
    if (column !== null && dataset === null) throw new RequestError('A note about a column says of which dataset.')
    if (load !== null) {
      if ((await loads.get(load)).slug !== slug) throw new NotFoundError(`This load is none of the source "${slug}".`)
    } else await sources.get(slug)
    if (dataset !== null) {
      const stored = (await sources.datasets(slug)).find(({ name }) => name === dataset)
      if (!stored) throw new NotFoundError(`The source "${slug}" has no dataset "${dataset}".`)
      const names = tableOf(stored).shape.columns.map(({ name }) => graphqlName(name))
      if (column !== null && !names.includes(column)) throw new NotFoundError(`The dataset "${dataset}" has no column "${column}".`)
    }
    return { slug, dataset, column, loadId: load }
  }
}

function checkedText(given: string): string {
  const text = given.trim()
  if (text === '') throw new RequestError('A note needs some words.')
  if (text.length > LONGEST) throw new RequestError(`A note has at most ${LONGEST} characters; this one has ${text.length}.`)
  return text
}

function checkedName(given: string | null | undefined): string | null {
  const name = given?.trim() ?? ''
  if (name.length > LONGEST_NAME) throw new RequestError(`A name has at most ${LONGEST_NAME} characters.`)
  return name === '' ? null : name
}
