import type { z } from 'zod'
import type { Http } from './http.ts'

/** Any value that JSON can carry; what a cursor and a setting are made of. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

/**
 * What a connector declares. Form, validation, tables, GraphQL types, documentation and a first dashboard come from it.
 * A missing method is a missing capability. Made with `defineConnector`, which checks every declaration at once.
 */
export interface Connector<Config extends z.ZodObject = z.ZodObject> {
  /** Folder name and name in the API: `[a-z][a-z0-9-]{1,30}`. */
  readonly name: string
  readonly title: string
  /** Plain words, shown to the product owner. */
  readonly about: string
  /** True when the records are made up, so that every page can say so. */
  readonly invented?: boolean
  /** Whose data it is; left out when nobody else's, as with the reader's own files or invented records. */
  readonly provider?: Provider
  /** Settings of one source: becomes the form, the check and the docs page. Wrap secrets in `secret()`. */
  readonly config: Config
  /** "Test connection": called on request with valid settings; throws a `ConfigError` or `SourceError` when it does not work. */
  check?(context: Context<z.output<Config>>): Promise<unknown>
  /** Known when the connector is written. Exactly one of `streams` with `datasets`, or `discover`. */
  readonly streams?: Readonly<Record<string, Stream<z.output<Config>>>>
  readonly datasets?: Readonly<Record<string, Dataset>>
  /**
   * For connectors that learn their streams and columns from the source. Called when a source is made, edited, and before each load;
   * the answer is stored with the source, so it must be plain data, equal for an equal source. `previous` is the last answer.
   */
  discover?(context: Context<z.output<Config>>, previous: Discovery | null): Promise<Discovery>
  /** With `discover`: pulls one discovered stream. */
  extract?(stream: string, context: ExtractContext<z.output<Config>>): AsyncIterable<Page>
  /** With `discover`: makes a record from its own text again, as `Stream.parse` does. `hint` is the stream's own. Default: `parseRecord`. */
  parse?(stream: string, text: string, hint: Json): unknown
  /** With `discover`: turns one record of a dataset into rows. As pure as `Dataset.transform`, and as open about the type of a record. */
  transform?(dataset: DiscoveredDataset, record: any, partition: string): Transformed
  /**
   * Fetches or draws what an `image()` column points at. Called once per new key, after the row is checked; the host stores the bytes by
   * their hash and serves them, so a dead source keeps its pictures. A failure leaves the row without picture and is tried again by the next load.
   */
  media?(key: string, context: Context<z.output<Config>>): Promise<Media>
}

/**
 * Who the data come from, and on what terms they may be used. Shown as text and links wherever the data are shown, so it is written for the
 * reader of a page. A connector that learns it from its settings says it in its `Discovery`, which then goes before the connector's own.
 */
export interface Provider {
  /** Who it is, as they call themselves: `SMHI`, `Queue-Times.com`. */
  readonly name: string
  /** Their page about the data, not the address that is loaded from. Begins with http:// or https://. */
  readonly url: string
  /** The terms in a few words: `CC BY 4.0`, `public domain`, `free to use with a link`. */
  readonly licence: string
  /** The page that holds the terms. Begins with http:// or https://. */
  readonly licenceUrl?: string
  /** The sentence the provider asks for, word for word, such as `Powered by Queue-Times.com`. It leads to `url` where it is shown. */
  readonly attribution?: string
}

/** A picture that a connector fetched or drew. */
export interface Media {
  /** At most 5 MB. */
  readonly bytes: Uint8Array
  /** `image/svg+xml`, `image/png`, `image/jpeg` or `image/webp`; everything else is refused. */
  readonly type: string
}

/** What the host hands to every call. Nothing else of the host can be reached. */
export interface Context<Config = unknown> {
  readonly config: Config
  readonly http: Http
  /** Aborts when the load is cancelled, the lease is lost or the server stops: pass it on to everything that waits. */
  readonly signal: AbortSignal
  /** The one folder below which a connector may read files. Absolute path. */
  readonly filesFolder: string
  /** One fixed sentence; changing parts as fields. Shown in the load's log. Never put a secret here. */
  log(message: string, fields?: Readonly<Record<string, Json>>): void
  /** The host's clock. */
  now(): Date
}

export interface ExtractContext<Config = unknown> extends Context<Config> {
  /** Where the last committed page of this partition ended, as that page said it; null at the first load and for every load that replaces. */
  readonly cursor: Json
  /** Which piece of the stream is asked for; its key is empty and its value null where the stream is one piece. */
  readonly partition: Partition
  /** What `discover` noted for this stream (a path, a delimiter); null for streams that are declared. */
  readonly hint: Json
}

/** A piece of a stream that is read for itself and has a cursor of its own: a day, a region, a row of the parent. */
export interface Partition {
  /** Its name in the stream, the same in every load; 1 to 191 characters, fit to be shown, such as `2026-11-23 SE3`. */
  readonly key: string
  /** What `extract` has to know about it: what `partitions` said, or the parent's row by column names. Any type, because only the connector knows. */
  readonly value: any
}

/** Where records come from: one list of things at the source. */
export interface Stream<Config = unknown> {
  readonly about: string
  /**
   * The pieces that the stream is made of. Called once in a load; says all of them, also those that were read to their end: `extract` is called
   * for each, some at the same time, and its cursor tells what is left to do. One that fails does not stop the others. Their records share no key.
   */
  partitions?(context: Context<Config>): Iterable<Partition> | AsyncIterable<Partition>
  /** Name of a dataset whose rows are the pieces: it is loaded first, then `extract` is called once for each of its rows. Not with `partitions`. */
  readonly parent?: string
  /** Pulls page by page, oldest change first where there is an order. The host keeps each page raw before it asks for the next one. */
  extract(context: ExtractContext<Config>): AsyncIterable<Page>
  /**
   * Makes a record from its own text again: the lake keeps texts only, and a replay reads them through here. Pure. What it throws sets the
   * record aside. Default: `parseRecord`. Needed when records are made with `rawRecord` from something other than JSON.
   */
  parse?(text: string): unknown
}

/** What `extract` yields at once. Aim for 100 to 5,000 records; one page is held in memory. */
export interface Page {
  /**
   * Parsed records, not changed in place: own text is kept for records that come from `http` or are made with `rawRecord`; others are
   * written out as JSON. A record that cannot be parsed is yielded as `unreadable(text, reason)`.
   */
  readonly records: readonly unknown[]
  /** From here the next load goes on once this page is committed. Leave it out where a stream cannot go on. */
  readonly cursor?: Json
  /** What was asked, for the lake's manifest; `http` pages carry it already. No secrets. */
  readonly request?: string
}

/** What a load does to a table; see `Dataset.load`. */
export type LoadMode = 'merge' | 'append' | 'replace'

/** One table. Records of `from` become its rows. */
export interface Dataset<Columns extends z.ZodObject = z.ZodObject> {
  readonly from: string
  readonly title?: string
  readonly about: string
  /** Columns that make a row unique; required unless `load` is `append`. */
  readonly key?: readonly (keyof z.output<Columns> & string)[]
  /** merge: rows with a known key are updated. append: every record adds rows. replace: each load is the whole table. */
  readonly load: LoadMode
  readonly columns: Columns
  /**
   * Pure: no network, no clock, no randomness, because the lake is replayed through it. null = filtered out; an array = many rows.
   * `record` is `any` because what a source sends has no type that the host could know; a connector may name one.
   * `partition` is the key of the piece that the record came in, kept with it in the lake: for what the record itself does not say, such as its
   * region or the row of the parent. Empty for a stream of one piece.
   */
  transform(record: any, partition: string): Transformed<z.input<Columns>>
}

/** What `transform` answers for one record: nothing (filtered out), a row, a removal, or a list of both. */
export type Transformed<Row = Record<string, unknown>> = null | Row | Deleted | readonly (Row | Deleted)[]

/** The source says that a row is gone; the row leaves the table. Made with `deleted(key)`. */
export class Deleted {
  readonly key: Readonly<Record<string, unknown>>
  constructor(key: Readonly<Record<string, unknown>>) {
    this.key = key
  }
}

/** Return it from `transform` to remove the row with this key. */
export const deleted = (key: Readonly<Record<string, unknown>>): Deleted => new Deleted(key)

/** The kinds of value a column can hold. */
export type ColumnKind = 'text' | 'int' | 'double' | 'decimal' | 'boolean' | 'date' | 'instant' | 'json' | 'image'
/**
 * What a column means to a reader: charts, maps and cards are chosen by it. An identifier is a whole number or a text that names a thing, such as
 * the number of a station: it is shown digit by digit, and never measured.
 */
export type Role = 'time' | 'latitude' | 'longitude' | 'label' | 'image' | 'category' | 'url' | 'identifier'

/**
 * One column as the host sees it, read from a zod schema through every wrapper.
 * Values of a row, after validation: text string · int bigint or safe number · double finite number · decimal string such as `12.50` ·
 * boolean · date `YYYY-MM-DD` · instant `YYYY-MM-DDTHH:MM:SS.mmmZ` · json JSON text · image the media key (string).
 */
export interface Column {
  readonly name: string
  readonly title: string
  readonly about: string
  readonly kind: ColumnKind
  readonly nullable: boolean
  /** Longest text in characters; null = unlimited. */
  readonly max: number | null
  readonly precision: number | null
  readonly scale: number | null
  /** Allowed values of an enumeration. */
  readonly values: readonly string[] | null
  readonly unit: string | null
  readonly role: Role | null
  readonly personal: boolean
}

/** A dataset as plain data: what tables, GraphQL types and pages are made from. */
export interface DatasetShape {
  readonly name: string
  readonly title: string
  readonly about: string
  readonly from: string
  /** Empty for `append`. */
  readonly key: readonly string[]
  readonly load: LoadMode
  readonly columns: readonly Column[]
}

/** Answer of `discover`: plain data. `hint` is the connector's own (a path, a delimiter) and comes back to `transform` and `extract`. */
export interface Discovery {
  readonly streams: readonly DiscoveredStream[]
  readonly datasets: readonly DiscoveredDataset[]
  /** Whose data it is, when the connector learns that from its settings or from the source; else what the connector itself says. */
  readonly provider?: Provider
}

/** A stream that `discover` found; `parent` as in `Stream`. */
export interface DiscoveredStream {
  readonly name: string
  readonly about: string
  readonly hint?: Json
  readonly parent?: string
  /** The pieces that the stream is made of, as `Stream.partitions` says them; plain data like all of a discovery, so for some hundreds at most. */
  readonly partitions?: readonly (Partition & { readonly value: Json })[]
}

/** A dataset that `discover` found. */
export interface DiscoveredDataset extends DatasetShape {
  readonly hint?: Json
}
