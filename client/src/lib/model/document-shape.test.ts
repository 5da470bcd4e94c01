import { describe, expect, it } from 'vitest'
import { beginOf, chosenOption, kindOf, optionsOf, type Shape } from './document-shape.ts'

const variant: Shape = {
  oneOf: [
    { type: 'object', properties: { kind: { const: 'none', title: 'In one piece' } } },
    { type: 'object', properties: { kind: { const: 'page' }, size: { type: 'integer' } }, required: ['kind', 'size'] },
  ],
}
const block: Shape = { type: 'object', properties: { path: { type: 'string' }, about: { type: 'string' } }, required: ['path'] }

describe('the shape of a document', () => {
  it('says how each part is asked for', () => {
    const parts: [Shape, string][] = [
      [{ type: 'string' }, 'text'],
      [{ type: 'integer' }, 'number'],
      [{ type: 'boolean' }, 'switch'],
      [{ type: 'string', enum: ['a', 'b'] }, 'choice'],
      [{ type: 'array', items: { type: 'string' } } as Shape, 'names'],
      [block, 'block'],
      [{ anyOf: [block, { type: 'null' }] }, 'block'],
      [variant, 'variant'],
      [{ type: 'object', additionalProperties: block }, 'entries'],
      [{ type: 'object', additionalProperties: { anyOf: [block, { type: 'null' }] } }, 'entries'],
      [{ type: 'object', additionalProperties: { type: ['string', 'number'] } }, 'pairs'],
    ]
    expect(parts.map(([shape]) => kindOf(shape))).toEqual(parts.map(([, kind]) => kind))
  })

  it('names the options of a variant, and the parts of the chosen one', () => {
    expect(optionsOf(variant)).toEqual([
      { value: 'none', title: 'In one piece' },
      { value: 'page', title: 'page' },
    ])
    expect(Object.keys(chosenOption(variant, { kind: 'page' })!.properties!)).toEqual(['size'])
    expect(chosenOption(variant, { kind: 'other' })).toBeNull()
  })

  it('begins a new entry with what it needs', () => {
    expect(beginOf(block)).toEqual({ path: '' })
    expect(beginOf({ type: 'string' })).toBe('')
  })
})
