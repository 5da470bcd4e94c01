import { createHash } from 'node:crypto'
import { secret } from '@handover/sdk'
import { z } from 'zod'

const text = (max: number) => z.string().max(max).default('')

/** Every pattern that braces stand for is made before a name is looked at: `{1..9999999}` would take minutes, and all of the process. */
const isModest = (pattern: string): boolean => pattern.split('{').length <= 4 && !/\{[^}]*\.\./.test(pattern)

/** Settings of one source of files. */
export const settings = z.object({
  folder: text(400)
    .meta({ title: 'Folder' })
    .describe('Folder below the files folder of Handover, such as sales/2026; empty for all of it. It gives the table its name'),
  address: text(4000)
    .meta({ title: 'Address' })
    .describe(
      'For files elsewhere, in place of a folder: web addresses of files (https://…) with spaces between, or s3://bucket/folder for storage that speaks S3',
    ),
  pattern: z
    .string()
    .max(200)
    .refine(isModest, 'At most three pairs of braces, such as {a,b}, and no range such as {1..9} in them.')
    .default('')
    .meta({ title: 'Only files named' })
    .describe('Which files to read, such as *.csv or 2026-*/**; empty for all that can be read'),
  key: text(400)
    .meta({ title: 'Key' })
    .describe(
      'Columns that tell one row from another, with commas between; empty for the column id when that works, else file and place in the file',
    ),
  records: text(200)
    .meta({ title: 'Records are in' })
    .describe('For JSON files: where the list of records is, such as data.items; empty when the file holds one list only'),
  sheet: text(100).meta({ title: 'Sheet' }).describe('For workbooks of Excel: the name of the sheet to read; empty for the first one'),
  token: secret().optional().meta({ title: 'Token' }).describe('For web addresses that want one: it is sent as “Authorization: Bearer …”'),
  endpoint: text(400)
    .meta({ title: 'Storage server' })
    .describe('For S3: address of the server, such as https://s3.example.org; empty for Amazon'),
  region: text(60).meta({ title: 'Region' }).describe('For S3: region of the bucket, such as eu-north-1; empty for us-east-1'),
  accessKey: text(200)
    .meta({ title: 'Access key' })
    .describe('For S3: the name of the key (access key ID); empty for a bucket that anybody may read'),
  secretKey: secret().optional().meta({ title: 'Secret key' }).describe('For S3: the secret that belongs to the access key'),
})

/** Settings of one source, checked and with defaults. */
export type Settings = z.output<typeof settings>

/** Tells settings apart without repeating them, since an address may hold a secret; keys do not count, because they say nothing about what is there. */
export function fingerprint({ token: _token, accessKey: _accessKey, secretKey: _secretKey, ...open }: Settings): string {
  return createHash('sha256').update(JSON.stringify(open)).digest('hex').slice(0, 16)
}
