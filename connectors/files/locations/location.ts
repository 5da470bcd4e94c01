import type { FileHandle } from 'node:fs/promises'

/** How the text or the cells of a file are read. */
export type Format = 'csv' | 'json' | 'ndjson' | 'parquet' | 'xlsx'

/** What a file is packed with. */
export type Packing = 'gzip' | 'zstd'

/** What the name of a file says about how to read it. */
export interface NamedKind {
  readonly format: Format
  readonly packing: Packing | null
  /** Why a file of that name is not read, in a sentence; null when it is. */
  readonly refused: string | null
}

/** A file as it was found in a listing. */
export interface FoundFile extends NamedKind {
  /** Its name within the location, with `/` between the parts: rows, cursors and messages know it by that. */
  readonly path: string
  /** Bytes, as they are kept there; -1 where only asking for the file tells. */
  readonly size: number
  /** Milliseconds since 1970; 0 where only asking for the file tells. */
  readonly mtime: number
}

/** What a file holds once it is unpacked and lies on this machine, so that every reader can read at any place. */
export interface Content {
  readonly path: string
  readonly format: Format
  readonly size: number
  readonly handle: FileHandle
}

/** A file that was opened, with what tells its versions apart. Whoever opened it closes it, and its content with it. */
export interface OpenedFile extends FoundFile {
  /** With size and time it tells whether a file changed. */
  readonly hash: string
  /**
   * Fetches and unpacks the file. With `most`, about that many bytes of its beginning are enough, if it is text. Throws a `FileFault` for what
   * cannot be unpacked. To be called once, and not for a file that has the version that was known.
   */
  content(most?: number): Promise<Content>
  close(): Promise<void>
}

/** A place that files are read from: a folder, web addresses, or storage that speaks S3. */
export interface Location {
  /** All files there that might be read, in the order of their names. Throws a `ConfigError` that names the setting at fault, or a `SourceError`. */
  list(): Promise<FoundFile[]>
  /** Opens a file of the list; null when it is gone. `known` is the `hash` of the version that was read before. */
  open(file: FoundFile, known: string | null): Promise<OpenedFile | null>
  /** The text of a small file beside the others, such as a description of columns; null when there is none. */
  text(name: string): Promise<string | null>
}
