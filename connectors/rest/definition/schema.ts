import { z } from 'zod'
import { auth } from './auth.ts'
import { column } from './column.ts'
import { paging } from './paging.ts'
import { name, names, optionalText, scalar, text } from './words.ts'

const rate = z
  .strictObject({
    calls: z.int('must be a whole number').min(1, 'must be 1 or more').max(100_000).meta({ title: 'Requests' }),
    seconds: z.number('must be a number').min(0.1, 'must be above 0').max(86_400).meta({ title: 'In how many seconds' }),
  })
  .meta({ title: 'Pace', rare: true })
  .describe('At most so many requests in so many seconds, when the API asks for that')

const provider = z
  .strictObject({
    name: text.meta({ title: 'Name' }).describe('As they call themselves, such as SMHI'),
    url: z.url({ protocol: /^https?$/, error: 'must be a web address' }).meta({ title: 'Page about the data' }),
    licence: text.meta({ title: 'Licence' }).describe('The terms in a few words, such as CC BY 4.0'),
    licenceUrl: z
      .url({ protocol: /^https?$/, error: 'must be a web address' })
      .optional()
      .meta({ title: 'Page with the terms' }),
    attribution: optionalText.meta({ title: 'Sentence they ask for' }),
  })
  .meta({ title: 'Whose data it is', rare: true })
  .describe('Shown wherever the data is shown')

const cursor = z
  .strictObject({
    field: text.meta({ title: 'Field' }).describe('The field of a record that grows with every change, such as updated_at'),
    start: scalar.optional().meta({ title: 'First value' }).describe('What stands for {cursor} in the first load, such as 2026-01-01'),
    oldestFirst: z
      .boolean('must be true or false')
      .optional()
      .meta({ title: 'Oldest changes come first' })
      .describe('Then a load that is broken off goes on where it stopped, not from its beginning'),
  })
  .meta({ title: 'Only what changed' })
  .describe('Remembers the largest value of a field; the next load asks from there on by {cursor}')

const stream = z
  .strictObject({
    path: text.meta({ title: 'Path' }).describe('Where the list is, below the address of the API, such as /orders'),
    records: optionalText
      .meta({ title: 'Records are in' })
      .describe('Where the list stands in the answer, such as data.items; a dot for the answer itself; empty: found out'),
    key: names.optional().meta({ title: 'Key' }).describe('Columns that tell one row from another; empty: id'),
    parent: optionalText
      .meta({ title: 'Once for each row of' })
      .describe('Another stream of this source; {parent.id} stands for the id of its row'),
    partitions: z
      .array(scalar, 'must be a list such as [SE1, SE2]')
      .min(1, 'must name at least one part')
      .max(500, 'names more than 500 parts')
      .optional()
      .meta({ title: 'Once for each of' })
      .describe('Values that {partition} takes in turn, such as SE1, SE2'),
    query: z
      .record(text, scalar)
      .optional()
      .meta({ title: 'Query', addition: 'Add a value' })
      .describe('Values behind the question mark. {cursor}, {parent.id}, {partition} and {now} are filled in'),
    paging: paging.optional(),
    cursor: cursor.optional(),
    columns: z
      .record(name('column', /^[A-Za-z][A-Za-z0-9_]{0,62}$/, 'a letter, then at most 62 letters, digits or underscores'), column.nullish())
      .optional()
      .meta({ title: 'Columns', addition: 'Add a column' })
      .describe('What is found by itself need not stand here: name only what is to be different'),
    title: optionalText.meta({ title: 'Title', rare: true }).describe('As people see it; empty: made from the name'),
    about: optionalText.meta({ title: 'About', rare: true }).describe('What one row is, in a sentence'),
    load: z
      .enum(['merge', 'append', 'replace'])
      .optional()
      .meta({ title: 'What a load does', rare: true })
      .describe(
        'merge: rows with a known key are updated, the usual way. append: every record adds a row. replace: each load is the whole table',
      ),
    otherColumns: z
      .boolean('must be true or false')
      .optional()
      .meta({ title: 'Take all other fields as columns too', rare: true, otherwise: true }),
  })
  .meta({ title: 'Stream' })

/** What a source without code is made of: the schema of its YAML, and of its form. */
export const definition = z.strictObject({
  url: z
    .url({ protocol: /^https?$/, error: 'must be a web address such as https://api.example.com/v1' })
    .meta({ title: 'Address of the API' })
    .describe('What all of its addresses begin with, such as https://api.example.com/v1'),
  auth: auth.optional(),
  headers: z
    .record(text, text)
    .optional()
    .meta({ title: 'Headers', rare: true, addition: 'Add a header' })
    .describe('Sent with every request, such as accept-language: sv. No keys here'),
  rate: rate.optional(),
  provider: provider.optional(),
  streams: z
    .record(
      name('stream', /^[a-z][A-Za-z0-9_]{0,40}$/, 'a small letter, then at most 40 letters, digits or underscores'),
      stream,
      'must be a block with a name for each stream',
    )
    .refine((streams) => Object.keys(streams).length > 0, 'needs at least one stream')
    .meta({ title: 'Streams', addition: 'Add a stream' })
    .describe('Each is a list of the API, and becomes a table of that name'),
})

/** A definition that keeps to the schema. */
export type Definition = z.output<typeof definition>
/** One list of an API. */
export type StreamDefinition = Definition['streams'][string]
/** What is said of one column; everything else is found. */
export type ColumnDefinition = z.output<typeof column>
