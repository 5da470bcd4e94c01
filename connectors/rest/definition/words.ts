import { z } from 'zod'

/** Text that may not be empty. */
export const text = z.string('must be text').min(1, 'must not be empty').max(1_000, 'is longer than 1,000 characters')

/** Text that may be left out. */
export const optionalText = text.optional()

/** Text, a number or a truth value, as YAML has them: what a query can hold. */
export const scalar = z.union([z.string(), z.number(), z.boolean()], 'must be text or a number')

/** Names of columns, one or more. */
export const names = z.array(text, 'must be a list such as [id]').min(1, 'must name at least one column')

/** The name of a thing that becomes part of tables and of the API. */
export const name = (of: string, pattern: RegExp, rule: string) => z.string().regex(pattern, `A ${of} is named by ${rule}`)
