import { secret } from '@handover/sdk'
import { z } from 'zod'
import { readDefinition } from './definition/read.ts'
import { documentSchema } from './definition/shape.ts'
import { EXAMPLE } from './example.ts'

/** What the secret is called, by how the API wants to know who asks. */
const SECRETS: Readonly<Record<string, string>> = {
  key: 'the key',
  bearer: 'the token',
  basic: 'the password',
  oauth2: 'the client secret',
}

/** Settings of one source: what to read, and the one secret that it may need. */
export const settings = z
  .object({
    definition: z
      .string()
      .max(200_000)
      .transform((text, context) => {
        const read = readDefinition(text)
        if ('definition' in read) return read.definition
        for (const { path, message } of read.faults) context.issues.push({ code: 'custom', path: [...path], message, input: text })
        return z.NEVER
      })
      .meta({ title: 'What to read', document: documentSchema, example: EXAMPLE })
      .describe('The address of the API and its lists, as a form or as text'),
    secret: secret()
      .optional()
      .meta({ title: 'Key or password' })
      .describe('The key, token, password or client secret that the API wants; empty when it is open to everybody'),
  })
  .superRefine(({ definition: { auth }, secret: given }, context) => {
    const wanted = SECRETS[auth?.kind ?? 'none']
    if (wanted !== undefined && given === undefined)
      context.addIssue({
        code: 'custom',
        path: ['secret'],
        message: `Missing: ${wanted}, because the definition says auth: ${auth!.kind}.`,
      })
  })

/** Settings of one source, checked, with the definition read. */
export type Settings = z.output<typeof settings>
