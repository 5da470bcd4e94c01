import { z } from 'zod'
import { optionalText } from './words.ts'

const TYPE = /^(?:text|int|double|boolean|date|instant|unixtime|json|decimal\((\d{1,2}),\s*(\d{1,2})\))$/
const EXAMPLES = ['text', 'int', 'double', 'decimal(12,2)', 'boolean', 'date', 'instant', 'unixtime', 'json']

/** What can be said of a column. */
export const column = z
  .strictObject({
    path: optionalText
      .meta({ title: 'Where in the record' })
      .describe('Such as amounts.total; {parent.id} for the row above; empty: the name'),
    type: z
      .string('must be text')
      .regex(TYPE, `must be one of ${EXAMPLES.join(', ')}`)
      .optional()
      .meta({ title: 'Type', examples: EXAMPLES })
      .describe('Empty: found out'),
    title: optionalText.meta({ title: 'Title' }),
    about: optionalText.meta({ title: 'About' }).describe('What it means, in a sentence'),
    unit: optionalText.meta({ title: 'Unit' }).describe('Such as SEK or °C'),
    role: z
      .enum(['time', 'latitude', 'longitude', 'label', 'category', 'url', 'identifier', 'none'])
      .optional()
      .meta({ title: 'Stands for' })
      .describe('How charts and maps take it; empty: found out'),
    personal: z.boolean('must be true or false').optional().meta({ title: 'Says something about a person' }),
    leaveOut: z.boolean('must be true or false').optional().meta({ title: 'Leave it out' }),
  })
  .meta({ title: 'Column' })

/** A type as a column has it: unixtime becomes an instant. */
export interface SaidType {
  readonly kind: 'text' | 'int' | 'double' | 'boolean' | 'date' | 'instant' | 'json' | 'decimal'
  readonly precision: number | null
  readonly scale: number | null
  /** The values are seconds since 1970. */
  readonly seconds: boolean
}

/** Reads a type that passed the schema. */
export function readType(type: string): SaidType {
  const [, precision, scale] = TYPE.exec(type)!
  if (precision !== undefined) return { kind: 'decimal', precision: Number(precision), scale: Number(scale), seconds: false }
  const plain = { precision: null, scale: null, seconds: type === 'unixtime' }
  return { kind: type === 'unixtime' ? 'instant' : (type as SaidType['kind']), ...plain }
}
