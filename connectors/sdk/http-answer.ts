import { decodeText } from './http-body.ts'
import type { FetchResponse } from './http-fetch.ts'
import type { Response } from './http.ts'
import { parseJson } from './json.ts'

/** An answer in full; its text and its JSON are made when they are first asked for. */
export class Answer implements Response {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly url: string
  readonly bytes: Uint8Array
  #text: string | undefined
  #body: { readonly value: unknown } | undefined

  constructor(answer: FetchResponse, from: URL, bytes: Uint8Array) {
    this.status = answer.status
    this.headers = answer.headers
    this.url = from.href
    this.bytes = bytes
  }

  get text(): string {
    return (this.#text ??= decodeText(this.bytes, this.headers['content-type']))
  }

  get body(): any {
    return (this.#body ??= { value: parseJson(this.text) }).value
  }
}
