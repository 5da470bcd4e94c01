import { ConfigError, SourceError, type Context } from '@handover/sdk'
import type { Definition } from './definition/schema.ts'
import type { Settings } from './settings.ts'

type OAuth2 = Extract<NonNullable<Definition['auth']>, { kind: 'oauth2' }>

/** A token is fetched anew so long before it runs out. */
const SPARE_MS = 30_000
const ERROR_NAME = /^[a-z_]{1,40}$/

/** Fetches tokens by OAuth2 client credentials (RFC 6749, 4.4). Keeps the newest in memory until it runs out or is refused. */
export function tokens(auth: OAuth2, { config, http, now }: Context<Settings>): (isRefused: boolean) => Promise<Record<string, string>> {
  let current: Promise<Token> | null = null
  return async (isRefused) => {
    const token = await (current ?? null)?.catch(() => null)
    if (!token || isRefused || now().getTime() >= token.ends) current = fetchToken(auth, { config, http, now })
    return { authorization: `Bearer ${(await current!).text}` }
  }
}

/** What may stand in an answer, of whatever type. */
type TokenAnswer = { readonly error?: unknown; readonly access_token?: unknown; readonly expires_in?: unknown } | null

interface Token {
  readonly text: string
  /** Milliseconds since 1970. */
  readonly ends: number
}

async function fetchToken(auth: OAuth2, { config, http, now }: Pick<Context<Settings>, 'config' | 'http' | 'now'>): Promise<Token> {
  const { clientId, scope, tokenUrl, send = 'header' } = auth
  const secret = config.secret ?? ''
  const inForm = send === 'form'
  const { status, body } = await answerOf(
    http.get(tokenUrl, {
      form: { grant_type: 'client_credentials', ...(scope && { scope }), ...(inForm && { client_id: clientId, client_secret: secret }) },
      headers: inForm ? {} : { authorization: basic(encodeURIComponent(clientId), encodeURIComponent(secret)) },
      allow: [400, 401, 403, 404],
    }),
  )
  const { host } = new URL(tokenUrl)
  if (status === 404) throw refused('auth.tokenUrl', `There is nothing at ${tokenUrl}. Check the address of the token.`)
  if (status !== 200) {
    const name = typeof body?.error === 'string' && ERROR_NAME.test(body.error) ? ` It says: ${body.error}.` : ''
    throw refused('auth.clientId', `${host} gives no token for this client.${name} Check client ID, secret and scope.`)
  }
  const { access_token: text, expires_in: seconds } = body ?? {}
  if (typeof text !== 'string' || text === '') throw new SourceError(`${host} answered without a token.`)
  return { text, ends: Number(seconds) > 0 ? now().getTime() + Number(seconds) * 1000 - SPARE_MS : Number.POSITIVE_INFINITY }
}

/** An error may come as a web page; then its status says enough. */
async function answerOf(asked: ReturnType<Context['http']['get']>): Promise<{ status: number; body: TokenAnswer }> {
  const answer = await asked.catch((error: unknown) => {
    throw error instanceof ConfigError ? refused('auth.tokenUrl', error.message, error.code) : error
  })
  try {
    return { status: answer.status, body: answer.body as TokenAnswer }
  } catch (error) {
    if (answer.status === 200) throw error
    return { status: answer.status, body: null }
  }
}

const refused = (at: string, message: string, code = 'SOURCE_UNAUTHORISED'): ConfigError =>
  new ConfigError(message, { code, fields: [{ name: `definition.${at}`, message }] })

/** The header of basic authentication, RFC 7617. */
export const basic = (user: string, password: string): string => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
