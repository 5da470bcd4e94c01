import type { PackDocument } from './document.ts'
import { packHtml } from './html.ts'
import { packDocument } from './pack-document.ts'
import { packFacts, type PackDeps } from './pack-facts.ts'
import { packPdf } from './pdf.ts'

export type { PackPlace } from './pack-facts.ts'

/** Writes the one dated document that hands all of it over. It never holds the value of a secret. */
export class PackService {
  readonly #deps: PackDeps

  constructor(deps: PackDeps) {
    this.#deps = deps
  }

  async html(): Promise<string> {
    return packHtml(await this.document())
  }

  /** Pages of A4. */
  async pdf(): Promise<Buffer> {
    return packPdf(await this.document(), this.#deps.clock.now())
  }

  /** What stands in it, and what is missing because nobody has written it down. */
  async document(): Promise<PackDocument> {
    return packDocument(await packFacts(this.#deps))
  }
}
