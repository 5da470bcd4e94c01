import { Arg, ID, Mutation, Query, Resolver } from 'type-graphql'
import { AddNoteInput, NoteType } from './note.types.ts'
import type { Note, NotesService } from './notes.service.ts'

/** Answers what people wrote down, and takes it. */
@Resolver(() => NoteType)
export class NoteResolver {
  readonly #notes: NotesService

  constructor(notes: NotesService) {
    this.#notes = notes
  }

  @Query(() => [NoteType], { description: 'What people wrote down, the newest first.' })
  async notes(
    @Arg('source', () => String, { nullable: true, description: 'Slug: only of this source, with its datasets, columns and loads.' })
    source: string | null,
  ): Promise<NoteType[]> {
    return (await this.#notes.list(source)).map(typed)
  }

  @Mutation(() => NoteType, { description: 'Writes a note down, to be shown where it matters.' })
  async addNote(@Arg('input', () => AddNoteInput) input: AddNoteInput): Promise<NoteType> {
    return typed(await this.#notes.add(input))
  }

  @Mutation(() => NoteType, { description: 'Removes a note for good, and answers with it.' })
  async removeNote(@Arg('id', () => ID) id: string): Promise<NoteType> {
    return typed(await this.#notes.remove(id))
  }
}

const typed = ({ slug: sourceSlug, loadId: load, ...note }: Note): NoteType => ({ ...note, sourceSlug, load })
