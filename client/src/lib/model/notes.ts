/** What a person wrote down about a source, a dataset, a column or a load. */
export interface Note {
  id: string
  sourceSlug: string
  dataset: string | null
  /** As the API calls it. */
  column: string | null
  load: string | null
  text: string
  by: string | null
  at: string
}

/** Where notes are shown, and what a new one is about. */
export interface NotePlace {
  source: string
  dataset?: string
  load?: string
}

/** The notes that matter at a place: a source shows all of its own, a dataset those of its columns and of the whole source, a load its own. */
export function notesAt(notes: readonly Note[], { source, dataset, load }: NotePlace): Note[] {
  const own = notes.filter((note) => note.sourceSlug === source)
  if (load !== undefined) return own.filter((note) => note.load === load)
  if (dataset === undefined) return own
  return own.filter((note) => note.load === null && (note.dataset === null || note.dataset === dataset))
}

/** What a note is about, where its place does not say it: "Price, a column of Orders". */
export function aboutWords(note: Note, place: NotePlace | null, title: (dataset: string) => string): string | null {
  if (note.load !== null) return place?.load === note.load ? null : 'one of its loads'
  if (note.column !== null)
    return place?.dataset === note.dataset ? `the column ${note.column}` : `${note.column}, a column of ${title(note.dataset!)}`
  if (note.dataset !== null) return place?.dataset === note.dataset ? null : title(note.dataset)
  return place !== null && place.dataset === undefined && place.load === undefined ? null : 'the whole source'
}

/** The page that a note belongs to. */
export function noteHref({ sourceSlug, dataset, load }: Note): string {
  if (load !== null) return `/loads/${load}#notes`
  return dataset === null ? `/sources/${sourceSlug}#notes` : `/data/${sourceSlug}/${dataset}#notes`
}
