import type { Json } from './contract.ts'
import type { RawRecord } from './record.ts'

/** Values of a query string; null and undefined are left out, a list repeats the name. */
export type Query = Readonly<Record<string, Json | bigint | undefined>>

/** How one request is made. */
export interface RequestOptions {
  readonly query?: Query
  readonly headers?: Readonly<Record<string, string>>
  /** Answers with these status codes are given back instead of raising an error, for example `[404]`, or `[304]` for a conditional request. */
  readonly allow?: readonly number[]
  /** Sent as JSON with POST, for sources that take their question in the body. Tried again like every request, so never for a change. */
  readonly post?: Json
  /** Sent as a form with POST, as token requests of OAuth2 want it. Not together with `post`. */
  readonly form?: Readonly<Record<string, string>>
}

/** An answer that has arrived in full. */
export interface Response {
  readonly status: number
  /** Names in small letters; a repeated header is joined by `, `. */
  readonly headers: Readonly<Record<string, string>>
  /** Where the answer came from, after redirects. */
  readonly url: string
  readonly bytes: Uint8Array
  /** Decoded by the charset of the answer; throws a `SourceError` when the bytes are not text. */
  readonly text: string
  /** The text as JSON, by `parseJson`. Of any type: only the connector knows what its source answers. */
  readonly body: any
}

/** One page of a list; `request` is what was asked, without secrets, fit for `Page.request`. */
export interface HttpPage extends Response {
  readonly request: string
}

/** An answer whose body is still on its way. Read it to its end or leave the loop over it, which closes the connection. */
export interface StreamedResponse extends Pick<Response, 'status' | 'headers' | 'url'> {
  /** Unpacked, of any size, no faster than it is read. Throws a `SourceError` when the connection breaks. */
  readonly body: AsyncIterable<Uint8Array>
  readonly request: string
}

/** Some lines of an answer in NDJSON; records are made with `rawRecord`, and with `unreadable` for a line that is no JSON. */
export interface LinesPage extends Pick<HttpPage, 'status' | 'headers' | 'url' | 'request'> {
  readonly records: readonly RawRecord[]
}

/** Where the next page is: an address, values to set in the query of the last address, another question to post, or null at the end. */
export type NextPage = (
  page: HttpPage,
  index: number,
) => { readonly url: string } | { readonly query: Query } | { readonly post: Json } | null

/** How a list is paged through; see `linkHeader`, `nextToken`, `pageNumber` and `offset`. */
export interface PageStep {
  /** Values for the query of the first request. */
  readonly first?: Query
  readonly next: NextPage
}

/** At most so many requests in so many seconds; more of them wait their turn. */
export interface Rate {
  readonly calls: number
  readonly seconds: number
}

/** What holds for all requests to one address, and never goes to another server. */
export interface PlaceOptions {
  readonly headers?: Readonly<Record<string, string>>
  /** Set in every query, such as a key; never shown in a message or in `request`. */
  readonly query?: Readonly<Record<string, string>>
  readonly rate?: Rate
  /**
   * Gives headers that have to be fetched first, such as those of a token. Asked before every request, so it keeps what it has; asked with
   * `isRefused` when the source does not accept them (401), then that request is put once more.
   */
  signIn?(isRefused: boolean): Promise<Readonly<Record<string, string>>>
}

/**
 * The one way a connector reaches its source. Time-outs, retries, Retry-After, rate headers, size caps, redirects and the private-network
 * guard are taken care of. Throws a `ConfigError` when a person must act (401, 403, an address that is not allowed), else a `SourceError`.
 */
export interface Http {
  get(url: string, options?: RequestOptions): Promise<Response>
  /** `get`, and the body as JSON. */
  json(url: string, options?: RequestOptions): Promise<any>
  /** Asks page by page; never the same question twice. */
  pages(url: string, options: RequestOptions & { readonly next: PageStep }): AsyncIterable<HttpPage>
  /** Reads NDJSON as it comes, up to 1,000 lines at a time. An answer without lines gives one page without records, for its status and headers. */
  lines(url: string, options?: RequestOptions): AsyncIterable<LinesPage>
  /** For answers too large to hold, such as files: tried again until the answer begins, not after that. */
  stream(url: string, options?: RequestOptions): Promise<StreamedResponse>
  /** The same with a base address for relative ones, what proves there who asks, and the pace that the source asks for. */
  at(base: string, options?: PlaceOptions): Http
}
