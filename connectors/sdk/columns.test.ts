import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { date, decimal, image, instant, int64, json, secret } from './column-types.ts'
import { describeColumns, titleOf } from './columns.ts'

const only = (schema: z.ZodType) => describeColumns(z.object({ it: schema }))[0]!

describe('describeColumns', () => {
  it.each([
    [z.string(), { kind: 'text', max: null }],
    [z.string().min(2).max(40), { kind: 'text', max: 40 }],
    [z.string().length(3), { kind: 'text', max: 3 }],
    [z.email().max(254), { kind: 'text', max: 254 }],
    [z.url(), { kind: 'text', max: null }],
    [z.uuid(), { kind: 'text', max: 36 }],
    [z.int(), { kind: 'int' }],
    [z.int32(), { kind: 'int' }],
    [z.number().int(), { kind: 'int' }],
    [z.number().min(0), { kind: 'double' }],
    [z.float32(), { kind: 'double' }],
    [z.boolean(), { kind: 'boolean' }],
    [z.enum(['new', 'gone']), { kind: 'text', values: ['new', 'gone'], max: 4 }],
    [int64(), { kind: 'int' }],
    [decimal(12, 2), { kind: 'decimal', precision: 12, scale: 2 }],
    [date(), { kind: 'date' }],
    [instant(), { kind: 'instant' }],
    [json(), { kind: 'json' }],
    [image(), { kind: 'image', max: 191, role: 'image' }],
    [z.string().max(5).brand('code'), { kind: 'text', max: 5 }],
    [z.preprocess((value) => value, z.string().max(5)), { kind: 'text', max: 5 }],
    [instant().refine((value) => value > '2'), { kind: 'instant' }],
  ] as [z.ZodType, object][])('maps schema %#', (schema, expected) => {
    expect(only(schema)).toMatchObject({ nullable: false, ...expected })
  })

  it.each([
    [z.string().optional(), true],
    [z.string().nullable(), true],
    [z.string().nullish().readonly(), true],
    [z.string().default('x'), false],
    [z.string().optional().default('x'), false],
    [z.string().nullable().default('x'), true],
    [z.string().default('x').optional(), true],
    [z.string().prefault('x'), false],
    [z.string().optional().nonoptional(), false],
    [decimal(4, 1).optional(), true],
  ])('knows whether schema %# may be empty', (schema, nullable) => {
    expect(only(schema).nullable).toBe(nullable)
  })

  it('reads meta through every wrapper, the outer one first', () => {
    const inner = z.string().max(9).meta({ personal: true, title: 'Inner', unit: 'SEK', role: 'label' }).describe('Inner words')
    const column = only(inner.nullable().meta({ title: 'Outer' }).optional().describe('Outer words').readonly())
    expect(column).toMatchObject({
      personal: true,
      title: 'Outer',
      about: 'Outer words',
      unit: 'SEK',
      role: 'label',
      max: 9,
      nullable: true,
    })
    expect(only(instant().meta({ role: 'time' }).nullish())).toMatchObject({ kind: 'instant', role: 'time', nullable: true })
  })

  it.each([
    [z.any(), 'use json()'],
    [z.object({ a: z.string() }), 'use json()'],
    [z.array(z.string()), 'use json()'],
    [z.date(), 'use instant() or date()'],
    [z.bigint(), 'use int64()'],
    [z.literal('a'), 'use z.enum([…])'],
    [z.union([z.string(), z.number()]), 'one kind of value'],
    [z.iso.date(), 'use date()'],
    [z.iso.datetime(), 'use instant()'],
    [z.coerce.number(), 'uses coerce'],
    [z.coerce.boolean().nullable(), 'uses coerce'],
    [z.string().trim(), 'changes its text'],
    [z.string().toLowerCase().optional(), 'changes its text'],
    [z.string().catch(''), 'uses catch'],
    [z.string().catch('').optional(), 'uses catch'],
    [z.string().transform(Number), 'ends in a transform'],
    [z.lazy(() => z.string()), 'zod lazy'],
    [z.enum({ one: 1, two: 2 }), 'enumeration with numbers'],
    [secret(), 'is a secret'],
  ] as [z.ZodType, string][])('refuses schema %# and names the column', (schema, sentence) => {
    expect(() => only(schema)).toThrow(`Column it `)
    expect(() => only(schema)).toThrow(sentence)
  })
})

describe('titleOf', () => {
  it.each([
    ['placedAt', 'Placed at'],
    ['placed_at', 'Placed at'],
    ['id', 'Id'],
    ['customerID', 'Customer ID'],
    ['HTTPStatus', 'HTTP status'],
    ['top10', 'Top10'],
  ])('makes words of %s', (name, title) => expect(titleOf(name)).toBe(title))
})
