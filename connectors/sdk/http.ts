import type { Json } from './contract.ts'

/** Values of a query string; null and undefined are left out, a list repeats the name. */
export type Query = Readonly<Record<string, Json | bigint | undefined>>

/** How one request is made. */
export interface RequestOptions {
  readonly query?: Query
  readonly headers?: Readonly<Record<string, string>>
  /** Answers with these status codes are given back instead of raising an error, for example `[404]`. */
  readonly allow?: readonly number[]
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

/** Where the next page is: an address, values to set in the query of the last address, or null at the end. */
export type NextPage = (page: HttpPage, index: number) => { readonly url: string } | { readonly query: Query } | null

/** How a list is paged through; see `linkHeader`, `nextToken`, `pageNumber` and `offset`. */
export interface PageStep {
  /** Values for the query of the first request. */
  readonly first?: Query
  readonly next: NextPage
}

/**
 * The one way a connector reaches its source. Time-outs, retries, Retry-After, size caps, redirects and the private-network guard are
 * taken care of. Throws a `ConfigError` when a person must act (401, 403, an address that is not allowed), else a `SourceError`.
 */
export interface Http {
  get(url: string, options?: RequestOptions): Promise<Response>
  /** `get`, and the body as JSON. */
  json(url: string, options?: RequestOptions): Promise<any>
  /** Asks page by page; never the same address twice. */
  pages(url: string, options: RequestOptions & { readonly next: PageStep }): AsyncIterable<HttpPage>
  /** The same with a base address for relative ones, and headers that only ever go to that address. */
  at(base: string, options?: { readonly headers?: Readonly<Record<string, string>> }): Http
}
