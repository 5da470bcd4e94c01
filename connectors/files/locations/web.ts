import { createHash } from 'node:crypto'
import { bareAddress, ConfigError, type Context, type Http, type StreamedResponse } from '@handover/sdk'
import { kindOfName, READ_ENDINGS } from '../formats/endings.ts'
import { FileFault } from '../formats/file-fault.ts'
import type { Settings } from '../settings.ts'
import { atSetting, withSetting, type Suspects } from './faults.ts'
import type { FoundFile, Location, OpenedFile } from './location.ts'
import { fetchContent } from './remote-content.ts'

/** Where a fault may lie, for web addresses. */
export const WEB_SUSPECTS: Suspects = { host: 'address', what: 'address', key: 'token' }

const LONGEST_NAME = 180
const NOT_MODIFIED = 304

/** Files at web addresses of their own. One that did not change since it was read is not sent again, if its server knows how. */
export class WebFiles implements Location {
  readonly #http: Http
  readonly #token: string | undefined
  readonly #addresses: ReadonlyMap<string, string>

  constructor({ http, config }: Context<Settings>, addresses: readonly string[]) {
    this.#http = http
    this.#token = config.token
    this.#addresses = named(addresses)
  }

  async list(): Promise<FoundFile[]> {
    return [...this.#addresses.keys()].map((path) => ({ ...kindOfName(path)!, path, size: -1, mtime: 0 }))
  }

  async open(file: FoundFile, known: string | null): Promise<OpenedFile> {
    const answer = await this.#ask(this.#addresses.get(file.path)!, known)
    if (answer.status === NOT_MODIFIED && known !== null) return unchanged(file, known, answer)
    const version = versionOf(answer.headers)
    if (version === null) return this.#withoutVersion(file, answer)
    if (version === known) return unchanged(file, known, answer)
    let handle: { close(): Promise<void> } | null = null
    return {
      ...file,
      hash: version,
      content: async (most) => {
        const fetched = await fetchContent(file, answer.body, most)
        handle = fetched.handle
        return fetched.content
      },
      close: async () => {
        await handle?.close()
        if (handle === null) await leave(answer)
      },
    }
  }

  /** Web addresses have no files beside them that anybody could know of. */
  async text(): Promise<null> {
    return null
  }

  async #ask(address: string, known: string | null): Promise<StreamedResponse> {
    const headers = { accept: '*/*', ...(this.#token !== undefined && { authorization: `Bearer ${this.#token}` }), ...condition(known) }
    const answer = await this.#http.stream(address, { headers, allow: known === null ? [] : [NOT_MODIFIED] }).catch((error: unknown) => {
      throw withSetting(error, WEB_SUSPECTS)
    })
    if (!/^text\/html\b/i.test(answer.headers['content-type'] ?? '')) return answer
    await leave(answer)
    const { host } = new URL(answer.url)
    throw atSetting(
      'address',
      `${host} answers with a web page in place of a file. Open the address in a browser: is it the file itself, or does it want a sign-in?`,
    )
  }

  /** Where a server names no version, the content is one: it must be fetched to be known. */
  async #withoutVersion(file: FoundFile, answer: StreamedResponse): Promise<OpenedFile> {
    const hash = createHash('sha256')
    async function* hashed(): AsyncGenerator<Uint8Array> {
      for await (const chunk of answer.body) {
        hash.update(chunk)
        yield chunk
      }
    }
    const fetched = await fetchContent(file, hashed()).catch((error: unknown) => {
      if (error instanceof FileFault) return error
      throw error
    })
    // The same fault of the same file need not be told again at each load.
    if (fetched instanceof FileFault)
      return { ...file, hash: `fault ${fetched.message}`, content: () => Promise.reject(fetched), close: async () => {} }
    const version = `content ${hash.digest('hex').slice(0, 32)}`
    return { ...file, hash: version, content: async () => fetched.content, close: () => fetched.handle.close() }
  }
}

/** Addresses by the names that their files get: what stands behind `#`, else host and path. Throws a `ConfigError`. */
function named(addresses: readonly string[]): Map<string, string> {
  const found = new Map<string, string>()
  for (const address of addresses) {
    const url = URL.parse(address)
    if (url === null || !/^https?:$/.test(url.protocol))
      throw atSetting(
        'address',
        `"${bareAddress(address)}" is no address of a file. Write it with https:// in front, or s3://bucket/folder.`,
      )
    if (url.username !== '' || url.password !== '')
      throw atSetting('address', 'The address holds a user name or password. Take them out, and write a token into its own field.')
    const name = url.hash === '' ? url.host + decoded(url.pathname) : decoded(url.hash.slice(1))
    if (kindOfName(name) === null)
      throw atSetting(
        'address',
        `The address ${url.host}${url.pathname} does not say what kind of file it is. Add # and a name with an ending such as ${READ_ENDINGS}: ${url.origin}${url.pathname}#sales.csv`,
      )
    if (name.length > LONGEST_NAME)
      throw atSetting('address', `An address is longer than ${LONGEST_NAME} characters. Add # and a short name to it, such as #sales.csv.`)
    if (found.has(name))
      throw atSetting('address', `Two addresses have the same name "${name}". Add # and another name to one of them, such as #sales-2.csv.`)
    url.hash = ''
    found.set(name, url.href)
  }
  return found
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** What an answer says about the version of its file; null when it says nothing. */
function versionOf({ etag, 'last-modified': modified }: StreamedResponse['headers']): string | null {
  return etag !== undefined && etag !== '' ? `etag ${etag}` : modified !== undefined ? `modified ${modified}` : null
}

/** Asks for a file only if it has another version than the known one. */
function condition(known: string | null): Readonly<Record<string, string>> {
  if (known?.startsWith('etag ') === true) return { 'if-none-match': known.slice('etag '.length) }
  return known?.startsWith('modified ') === true ? { 'if-modified-since': known.slice('modified '.length) } : {}
}

const unchanged = (file: FoundFile, known: string, answer: StreamedResponse): OpenedFile => ({
  ...file,
  hash: known,
  content: () => Promise.reject(new ConfigError(`${file.path} did not change and was not sent.`)),
  close: () => leave(answer),
})

/** Closes the connection of an answer that nobody reads. */
async function leave({ body }: StreamedResponse): Promise<void> {
  for await (const _ of body) break
}
