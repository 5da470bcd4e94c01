import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { discover } from './discover.ts'
import { readStream, startApi, type Answer } from './testing/api.ts'

const rows: Answer = { body: [{ id: 1 }] }
const STREAM = 'streams: { things: { path: /things } }'

/** The faults of an answer by the field that they stand beside. */
const faultOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => null,
    (reason: { fields?: { name: string; message: string }[] }) => reason,
  )
  return error?.fields?.map(({ name, message }) => [name, message])[0]
}

describe('who asks', () => {
  it.each<[string, string | undefined, (request: IncomingMessage, url: URL) => unknown, unknown]>([
    ['{ kind: none }', undefined, ({ headers }) => headers.authorization, undefined],
    ['{ kind: bearer }', 's1', ({ headers }) => headers.authorization, 'Bearer s1'],
    ['{ kind: basic, user: ada }', 's1', ({ headers }) => headers.authorization, `Basic ${Buffer.from('ada:s1').toString('base64')}`],
    ['{ kind: key, name: X-Key }', 's1', ({ headers }) => headers['x-key'], 's1'],
    ['{ kind: key, in: query, name: appid }', 's1', (_, url) => url.searchParams.get('appid'), 's1'],
  ])('sends %s', async (auth, secret, seen, wanted) => {
    const found: unknown[] = []
    await using api = await startApi((request, url) => {
      found.push(seen(request, url))
      return rows
    })
    const pages = await readStream(api.context(`url: "%"\nauth: ${auth}\n${STREAM}`, secret), 'things')
    expect(found).toEqual([wanted, wanted])
    expect(JSON.stringify(pages)).not.toContain('s1')
  })

  it('wants the secret that the kind needs, and says which', () => {
    const error = (() => {
      try {
        return startApi(() => rows).then(async (api) => api.context(`url: "%"\nauth: { kind: bearer }\n${STREAM}`))
      } catch (reason) {
        return reason
      }
    })()
    return expect(error).rejects.toThrow('Missing: the token, because the definition says auth: bearer.')
  })

  it('sends its fixed headers, and says beside the key when it is not accepted', async () => {
    await using api = await startApi(({ headers }) => (headers['accept-language'] === 'sv' ? 401 : rows))
    const context = api.context(`url: "%"\nauth: { kind: bearer }\nheaders: { accept-language: sv }\n${STREAM}`, 's1')
    expect(await faultOf(discover(context, null))).toEqual(['secret', expect.stringContaining('does not accept the key')])
  })
})

describe('OAuth2', () => {
  const OAUTH = (more = '') => `url: "%"\nauth: { kind: oauth2, tokenUrl: "%/token", clientId: me${more} }\n${STREAM}`

  it('fetches one token for all streams of a load, and another when it is refused', async () => {
    let [issued, valid] = [0, '']
    const forms: string[] = []
    await using api = await startApi(({ headers }, { pathname }, body) => {
      if (pathname === '/token') {
        forms.push(`${headers.authorization} ${body}`)
        valid = `t${++issued}`
        return { body: { access_token: valid, token_type: 'bearer', expires_in: 3600 } }
      }
      return headers.authorization === `Bearer ${valid}` ? rows : 401
    })
    const context = api.context(OAUTH(', scope: read'), 's e')
    await readStream(context, 'things')
    expect(forms).toEqual([`Basic ${Buffer.from('me:s%20e').toString('base64')} grant_type=client_credentials&scope=read`])
    valid = 'revoked'
    await readStream(context, 'things')
    expect(issued).toBe(2)
  })

  it('sends client and secret in the form where that is wanted, and fetches anew before a token runs out', async () => {
    const forms: string[] = []
    await using api = await startApi((_, { pathname }, body) => {
      if (pathname !== '/token') return rows
      forms.push(body)
      return { body: { access_token: 't', expires_in: 20 } }
    })
    await readStream(api.context(OAUTH(', send: form'), 's1'), 'things')
    expect(forms).toEqual(Array(2).fill('grant_type=client_credentials&client_id=me&client_secret=s1'))
  })

  it('says what the sign-in did not like, beside its field', async () => {
    await using api = await startApi((_, { pathname }) => (pathname === '/token' ? 400 : rows))
    expect(await faultOf(discover(api.context(OAUTH(), 's1'), null))).toEqual([
      'definition.auth.clientId',
      expect.stringContaining('gives no token'),
    ])
    await using open = await startApi(() => rows)
    const elsewhere = OAUTH().replace('%/token', 'http://10.0.0.1/token')
    expect(await faultOf(discover(open.context(elsewhere, 's1'), null))).toEqual([
      'definition.auth.tokenUrl',
      expect.stringContaining('10.0.0.1:80 lies in a private network'),
    ])
    await using gone = await startApi(() => 404)
    expect(await faultOf(discover(gone.context(OAUTH(), 's1'), null))).toEqual([
      'definition.auth.tokenUrl',
      expect.stringContaining('/token'),
    ])
  })
})
