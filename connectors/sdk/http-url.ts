import { ConfigError } from './errors.ts'
import type { Query } from './http.ts'

/** Makes a full address from a base, an address and a query. Throws a `ConfigError` when it is not http(s) or not complete. */
export function fullUrl(base: URL | null, address: string, query: Query = {}): URL {
  const url = parse(base, address)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new ConfigError(`The address must start with https:// or http://, not ${url.protocol}`, { code: 'ADDRESS_INVALID' })
  }
  if (url.username !== '' || url.password !== '') {
    throw new ConfigError('The address holds a user name or password; write them into settings of their own.', { code: 'ADDRESS_INVALID' })
  }
  return withQuery(url, query)
}

/** What may be shown of an address as somebody wrote it, whole or not: no user, no password, no query. */
export const bareAddress = (address: string): string => address.replace(/\/\/[^/]*@/, '//').split(/[?#]/)[0]!

function parse(base: URL | null, address: string): URL {
  // A base is a folder: `/orders` at `https://shop/api` is `https://shop/api/orders`.
  const inBase = base !== null && !/^[a-z][a-z0-9+.-]*:/i.test(address) && !address.startsWith('//')
  const text = inBase
    ? `${base.origin}${base.pathname.replace(/\/$/, '')}/${address.replace(/^\//, '')}`.replace(/\/(\?|$)/, '$1')
    : address
  try {
    return new URL(text)
  } catch (error) {
    throw new ConfigError(`This address is not complete: ${bareAddress(address)}. Write it with https:// in front.`, {
      code: 'ADDRESS_INVALID',
      cause: error,
    })
  }
}

/** A copy of the address with these query values set; null and undefined are left as they are. */
export function withQuery(url: URL, query: Query): URL {
  const made = new URL(url)
  made.hash = ''
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null) continue
    made.searchParams.delete(name)
    for (const part of Array.isArray(value) ? value : [value]) {
      if (typeof part === 'object') throw new ConfigError(`The query value ${name} is an object; a query holds text and numbers.`)
      made.searchParams.append(name, String(part))
    }
  }
  return made
}

/** A copy of the address without these names in its query. */
export function withoutQuery(url: URL, names: readonly string[]): URL {
  const made = new URL(url)
  for (const name of names) made.searchParams.delete(name)
  return made
}

const SECRET_NAME = /key|token|secret|pass|auth|sig|cred|code|session/i
const HARMLESS_VALUE = /^(\d{1,12}|\d{4}-\d\d-\d\d([T ][\d:.]+Z?)?|[a-z_]{1,16})$/

/** The address for messages and manifests: user, password and every query value that might be a secret are left out. */
export function shownUrl(url: URL): string {
  const query = [...url.searchParams].map(
    ([name, value]) => `${name}=${!SECRET_NAME.test(name) && HARMLESS_VALUE.test(value) ? value : '…'}`,
  )
  return `${url.origin}${url.pathname}${query.length === 0 ? '' : `?${query.join('&')}`}`
}

/** True for the name of a query value that might be a secret, such as `apikey`. */
export const isSecretName = (name: string): boolean => SECRET_NAME.test(name)
