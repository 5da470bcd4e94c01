import type { Note } from '../model/notes.ts'
import { ask } from './api.ts'

const NOTE = 'id sourceSlug dataset column load text by at'

/** The notes of one source, or all; the newest first. */
export async function readNotes(source: string | null = null): Promise<Note[]> {
  const { notes } = await ask<{ notes: Note[] }>(`query Notes($source: String) { notes(source: $source) { ${NOTE} } }`, { source })
  return notes
}
