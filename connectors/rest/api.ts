import type { Context, Http, PlaceOptions } from '@handover/sdk'
import type { Settings } from './settings.ts'
import { basic, tokens } from './sign-in.ts'

/**
 * The API of each load, so that all of its streams share one pace and one token. Not state: it lives as long as the load's own `http`, and is
 * always the same for it.
 */
const opened = new WeakMap<Http, Http>()

/** `http` at the address of the API, which knows who asks. */
export function openApi(context: Context<Settings>): Http {
  const known = opened.get(context.http)
  if (known !== undefined) return known
  const { url, headers = {}, rate } = context.config.definition
  const proof = proofOf(context)
  const api = context.http.at(url, { ...proof, headers: { ...headers, ...proof.headers }, ...(rate && { rate }) })
  opened.set(context.http, api)
  return api
}

function proofOf(context: Context<Settings>): Pick<PlaceOptions, 'headers' | 'query' | 'signIn'> {
  const { definition, secret = '' } = context.config
  const { auth = { kind: 'none' } } = definition
  switch (auth.kind) {
    case 'none':
      return {}
    case 'key':
      return auth.in === 'query' ? { query: { [auth.name]: secret } } : { headers: { [auth.name]: secret } }
    case 'bearer':
      return { headers: { authorization: `Bearer ${secret}` } }
    case 'basic':
      return { headers: { authorization: basic(auth.user, secret) } }
    case 'oauth2':
      return { signIn: tokens(auth, context) }
  }
}
