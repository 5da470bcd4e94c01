import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { registerHooks, type ResolveFnOutput } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** What Node runs or reads as a module. Tests are none of the connector. */
const CODE = /(?<!\.test)\.(m?[jt]s|json)$/
const PACKAGES = 'node_modules'
/** Recorded answers are for tests. */
const NO_CODE = [PACKAGES, 'fixtures']

/**
 * Imports connectors so that one whose files have changed is imported anew. Node keeps a module for ever under its address, so the address
 * gets a version, made from the contents of the folder: `…/index.ts?connector=1a2b3c`. What a module of a version imports from its own
 * folder, then or later, gets the same version; the sdk, zod and every other package keep their address and stay one instance for all.
 */
export class ConnectorModules {
  /** Address of the folder by the query that its modules have. */
  readonly #folders = new Map<string, string>()
  #retries = 0

  /** The hook stays as long as the process, because modules do, and any of them may import another one at any time. */
  constructor() {
    registerHooks({ resolve: (specifier, context, next) => this.#versioned(next(specifier, context), context.parentURL) })
  }

  /**
   * Imports `index.ts` of a folder; a folder with the same contents gives the same module as before. `again` imports it anew all the same,
   * because Node also keeps that an import has failed. Rejects with what the import throws.
   */
  async import(folder: string, again: boolean): Promise<{ readonly default?: unknown }> {
    const real = await realpath(folder)
    const query = `?connector=${versionOf(real)}${again ? `-${++this.#retries}` : ''}`
    this.#folders.set(query, `${pathToFileURL(real).href}/`)
    return (await import(`${pathToFileURL(join(real, 'index.ts')).href}${query}`)) as { default?: unknown }
  }

  #versioned(resolved: ResolveFnOutput, parent: string | undefined): ResolveFnOutput {
    const query = /\?connector=[^?#]+$/.exec(parent ?? '')?.[0]
    const folder = query && this.#folders.get(query)
    const { url } = resolved
    if (!folder || !url.startsWith(folder) || url.includes('?') || url.includes(`/${PACKAGES}/`, folder.length - 1)) return resolved
    return { ...resolved, url: `${url}${query}` }
  }
}

/**
 * A text that differs when a file of the folder was added, changed or removed; also two folders of the same contents differ. Reads at once,
 * as Node does when it imports: for small files that takes a fifth of the time.
 */
function versionOf(folder: string): string {
  const hash = createHash('sha256').update(folder)
  for (const file of codeFiles(folder).sort()) {
    const content = readFileSync(file)
    hash.update(`\0${file}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex').slice(0, 16)
}

const codeFiles = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return NO_CODE.includes(entry.name) ? [] : codeFiles(path)
    return CODE.test(entry.name) ? [path] : []
  })
