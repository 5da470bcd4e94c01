import { z } from 'zod'

/** Settings of one source of files. */
export const settings = z.object({
  folder: z
    .string()
    .max(400)
    .default('')
    .meta({ title: 'Folder' })
    .describe('Folder below the files folder of Handover, such as sales/2026; empty for all of it. It gives the table its name'),
  pattern: z
    .string()
    .max(200)
    .default('')
    .meta({ title: 'Only files named' })
    .describe('Which files to read, such as *.csv or 2026-*/**; empty for all that can be read'),
  key: z
    .string()
    .max(400)
    .default('')
    .meta({ title: 'Key' })
    .describe(
      'Columns that tell one row from another, with commas between; empty for the column id when that works, else file and place in the file',
    ),
  records: z
    .string()
    .max(200)
    .default('')
    .meta({ title: 'Records are in' })
    .describe('For JSON files: where the list of records is, such as data.items; empty when the file holds one list only'),
})

/** Settings of one source, checked and with defaults. */
export type Settings = z.output<typeof settings>
