import type { Http, HttpPage, PageStep, RequestOptions, Response } from '../http.ts'
import { linkHeader } from '../page-steps.ts'
import { saidMore, type SaidMore } from '../said-more.ts'

/** Looks at the answers on their way to a connector, and tells what they say there is and was not read. */
export class PagingWatch {
  #said: SaidMore[] = []
  #hasLink = false

  /** The same `http`, with this one looking on. */
  over(http: Http): Http {
    const get = async (url: string, options?: RequestOptions): Promise<Response> => this.#see(await http.get(url, options))
    const pages = async function* (this: PagingWatch, asked: AsyncIterable<HttpPage>): AsyncGenerator<HttpPage> {
      for await (const page of asked) yield this.#see(page)
    }
    return {
      get,
      json: async (url, options) => (await get(url, options)).body as unknown,
      pages: (url, options: RequestOptions & { readonly next: PageStep }) => pages.call(this, http.pages(url, options)),
      lines: (url, options) => http.lines(url, options),
      stream: (url, options) => http.stream(url, options),
      at: (base, options) => this.over(http.at(base, options)),
    }
  }

  /** From now on for another stream or piece. */
  begin(): void {
    this.#said = []
    this.#hasLink = false
  }

  /** True when the last answer says that more records follow those that were read. */
  saysMore(records: number): boolean {
    return this.#facts(records).length > 0
  }

  /**
   * What answers said and was not read, as a sentence; null when all was. Fixtures are often cut short, so of them only a list of one page is
   * judged, which `connector record` does not leave like this by itself.
   */
  unread(records: number, isCut: boolean): string | null {
    const facts = isCut && this.#said.length !== 1 ? [] : this.#facts(records)
    if (facts.length === 0) return null
    const [read, pages] = [records === 1 ? '1 record was' : `${records} records were`, this.#said.length]
    return `The answer says ${facts.join(', ')}; ${read} read on ${pages === 1 ? '1 page' : `${pages} pages`}. Is the paging right?`
  }

  #facts(records: number): string[] {
    const last = this.#said.at(-1)
    if (last === undefined) return []
    const { total, pages, next } = last
    return [
      ...(total !== null && total.value > records ? [`${total.path.join('.')}: ${total.value}`] : []),
      ...(pages !== null && pages.value > this.#said.length ? [`${pages.path.join('.')}: ${pages.value}`] : []),
      ...(next !== null ? [`at ${next.path.join('.')} that there is a next page`] : []),
      ...(this.#hasLink ? ['in its Link header that there is a next page'] : []),
    ]
  }

  #see<Answer extends Response>(answer: Answer): Answer {
    try {
      const said = saidMore(answer.body)
      this.#hasLink = linkHeader().next(answer as unknown as HttpPage, 0) !== null
      this.#said.push(said)
    } catch {
      // No JSON, and no list that could be paged through.
    }
    return answer
  }
}
