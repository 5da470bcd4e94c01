import { z } from 'zod'
import { optionalText, text } from './words.ts'

const kind = <const Kind extends string>(value: Kind, title: string) => z.literal(value).meta({ title })
const size = z
  .int('must be a whole number')
  .min(1, 'must be 1 or more')
  .max(100_000, 'must be 100,000 or less')
  .meta({ title: 'Records on a page' })
const param = (usual: string) => optionalText.meta({ title: 'Name in the query' }).describe(`Empty: ${usual}`)

/** How a list goes on after its first page. */
export const paging = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: kind('none', 'It comes in one piece') }),
    z.strictObject({ kind: kind('link', 'The header Link names the next page') }),
    z.strictObject({
      kind: kind('page', 'Pages are numbered'),
      param: param('page'),
      first: z
        .int('must be a whole number')
        .min(0, 'must be 0 or more')
        .optional()
        .meta({ title: 'Number of the first page' })
        .describe('Empty: 1'),
      size: size.optional().describe('A page with fewer records is the last one; empty: an empty page is'),
      sizeParam: optionalText.meta({ title: 'Name of the size in the query' }).describe('Empty: the size is not sent'),
    }),
    z.strictObject({
      kind: kind('offset', 'Records are skipped'),
      param: param('offset'),
      size,
      sizeParam: optionalText.meta({ title: 'Name of the size in the query' }).describe('Empty: limit'),
      total: optionalText.meta({ title: 'Total is in' }).describe('Where the answer says how many there are, such as meta.total'),
    }),
    z.strictObject({
      kind: kind('token', 'The answer holds a token for the next page'),
      at: text.meta({ title: 'Token is in' }).describe('Such as meta.next_token'),
      param: text.meta({ title: 'Name in the query' }),
    }),
    z.strictObject({
      kind: kind('url', 'The answer holds the address of the next page'),
      at: text.meta({ title: 'Address is in' }).describe('Such as links.next'),
    }),
  ])
  .meta({ title: 'Pages' })
  .describe('How a list goes on after its first page')
