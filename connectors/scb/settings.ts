import { z } from 'zod'

/** Where Statistics Sweden answers; other agencies run the same software at addresses of their own. */
export const SCB = 'https://statistikdatabasen.scb.se/api/v2'

/** Settings of one source: one table of statistics. */
export const settings = z.object({
  table: z
    .string()
    .regex(/^[\w.-]{1,40}$/, 'Write the id of one table, such as TAB638.')
    .meta({ title: 'Table' })
    .describe(
      'Id of the table, such as TAB638 (population); it stands at each table in the Statistical Database, statistikdatabasen.scb.se',
    ),
  language: z
    .enum(['en', 'sv'])
    .default('en')
    .meta({ title: 'Language' })
    .describe('Language of the titles and names that the source gives'),
  selection: z
    .string()
    .max(5000)
    .default('')
    .meta({ title: 'Selection' })
    .describe(
      'What to load, such as: Region=0180,1480; Tid=last 10; Kon=*. Names or codes, with * for all of them. What is not named is summed up where the table can do that, else loaded in full',
    ),
  address: z
    .url()
    .default(SCB)
    .meta({ title: 'Address' })
    .describe('Where the statistics are; leave it as it is for Statistics Sweden. Any agency with PxWebApi 2 works'),
})

/** Settings of one source, checked and with defaults. */
export type Settings = z.output<typeof settings>
