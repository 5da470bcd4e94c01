import { z } from 'zod'
import { optionalText, text } from './words.ts'

const kind = <const Kind extends string>(value: Kind, title: string) => z.literal(value).meta({ title })

/** How the API wants to know who asks. The secret itself is a setting of its own. */
export const auth = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: kind('none', 'It is open to everybody') }),
    z.strictObject({
      kind: kind('key', 'By a key'),
      in: z.enum(['header', 'query']).optional().meta({ title: 'The key stands in' }).describe('header, the usual way, or query'),
      name: text.meta({ title: 'Name of the header or query value' }).describe('Such as X-Api-Key'),
    }),
    z.strictObject({ kind: kind('bearer', 'By a token (bearer)') }),
    z.strictObject({ kind: kind('basic', 'By user name and password'), user: text.meta({ title: 'User name' }) }),
    z.strictObject({
      kind: kind('oauth2', 'By OAuth2, client credentials'),
      tokenUrl: z
        .url({ protocol: /^https?$/, error: 'must be a web address' })
        .meta({ title: 'Address of the token' })
        .describe('Where the token is fetched, such as https://api.example.com/oauth/token'),
      clientId: text.meta({ title: 'Client ID' }),
      scope: optionalText.meta({ title: 'Scope' }).describe('What the token is for, when the API asks for that'),
      send: z
        .enum(['header', 'form'])
        .optional()
        .meta({ title: 'Client ID and secret stand in' })
        .describe('header, the usual way, or form'),
    }),
  ])
  .meta({ title: 'Who asks' })
  .describe('The key, token, password or client secret itself stands below, in a field of its own')
