import { defineConnector, ConfigError, secret, type Connector } from '@handover/sdk'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { CatalogService } from './catalog.service.ts'

const config = z.object({
  url: z.url().meta({ title: 'Address' }).describe('Where the shop answers'),
  token: secret().describe('From the page "My account"'),
  spare: secret().optional().describe('A second token'),
  first: z.int().min(1).max(5000).default(10).describe('How many at first'),
  ratio: z.number().gt(0).optional().describe('Part of the whole'),
  more: z.int().positive().nullable().describe('How many more'),
  page: z.int().optional().describe('Which page'),
  mode: z.enum(['offline', 'online']).default('offline').describe('Where from'),
  deep: z.boolean().default(false).describe('All the way'),
  user: z.string().min(3).max(20).optional().describe('Who'),
  code: z
    .string()
    .regex(/^[A-Z]{3}$/, 'Three capital letters, for example SEK.')
    .optional()
    .describe('Currency'),
  plain: z.string().regex(/^x/).optional().describe('Begins with x'),
  headers: z.record(z.string(), z.string()).default({}).describe('Sent along'),
  lists: z
    .string()
    .transform((text, context) => {
      if (text === 'fine') return [text]
      for (const place of ['one.path', 'two.path'])
        context.issues.push({ code: 'custom', path: place.split('.'), message: `Wrong at ${place}`, input: text })
      return z.NEVER
    })
    .optional()
    .meta({ document: { type: 'object' }, example: 'fine' })
    .describe('What to read'),
})

const connector: Connector = defineConnector({
  name: 'shop',
  title: 'Shop',
  about: 'Orders.',
  config,
  streams: { orders: { about: 'Orders.', async *extract() {} } },
  datasets: {
    orders: {
      from: 'orders',
      about: 'Orders.',
      key: ['id'],
      load: 'merge',
      columns: z.object({ id: z.int().describe('Number') }),
      transform: (raw) => raw,
    },
  },
})

const catalog = new CatalogService([{ name: 'shop', folder: '/shop', connector, error: null }])
const right = { url: 'https://example.org', token: 's3cret-s3cret', more: 3 }

const faults = (given: Record<string, unknown>): Record<string, string> => {
  try {
    catalog.validate('shop', { ...right, ...given })
    return {}
  } catch (error) {
    return Object.fromEntries((error as ConfigError).fields.map(({ name, message }) => [name, message]))
  }
}

describe('a document', () => {
  it('comes with its schema and an example, and with every fault at its place', () => {
    const field = catalog.form('shop').find(({ name }) => name === 'lists')
    expect(field).toMatchObject({ kind: 'document', document: { type: 'object' }, example: 'fine', required: false })
    expect(catalog.validate('shop', { ...right, lists: 'fine' })).toMatchObject({ lists: ['fine'] })
    expect(faults({ lists: 'bad' })).toEqual({ 'lists.one.path': 'Wrong at one.path', 'lists.two.path': 'Wrong at two.path' })
    expect(() => catalog.validate('shop', { ...right, lists: 'bad' })).toThrow('One setting is not right. Lists: Wrong at one.path')
  })
})

describe('form', () => {
  const form = Object.fromEntries(catalog.form('shop').map((field) => [field.name, field]))

  it('has every setting in the order it was written', () => {
    expect(Object.keys(form)).toEqual(Object.keys(config.shape))
  })

  it('reads title, description, kind, default, choices and limits through every wrapper', () => {
    const limits = { min: null, max: null, choices: null, document: null, example: null }
    expect(form['url']).toEqual({
      ...limits,
      name: 'url',
      title: 'Address',
      about: 'Where the shop answers',
      kind: 'text',
      required: true,
      default: null,
    })
    expect(form['first']).toMatchObject({
      name: 'first',
      title: 'First',
      about: 'How many at first',
      kind: 'number',
      required: false,
      default: 10,
      choices: null,
      min: 1,
      max: 5000,
    })
    expect(form['page']).toMatchObject({ kind: 'number', min: null, max: null })
    expect(form['mode']).toMatchObject({ kind: 'choice', choices: ['offline', 'online'], default: 'offline', required: false })
    expect(form['more']).toMatchObject({ kind: 'number', min: 1, max: null, required: false })
    expect(form['deep']).toMatchObject({ kind: 'boolean', default: false })
    expect(form['headers']).toMatchObject({ kind: 'json', default: {} })
  })

  it('knows secrets, also optional ones', () => {
    expect([...catalog.secrets('shop')]).toEqual(['token', 'spare'])
    expect(form['spare']).toMatchObject({ kind: 'secret', required: false, default: null })
  })
})

describe('validate', () => {
  it('fills in defaults and takes null for left out', () => {
    expect(catalog.validate('shop', { ...right, first: null, user: null })).toEqual({
      ...right,
      first: 10,
      mode: 'offline',
      deep: false,
      headers: {},
    })
  })

  it('keeps null where null is a value', () => {
    expect(catalog.validate('shop', { ...right, more: null })).toMatchObject({ more: null })
  })

  it('says in plain words what each setting wants', () => {
    expect(faults({ first: 0 })).toEqual({ first: 'A whole number from 1 to 5000.' })
    expect(faults({ first: '12' })).toEqual({ first: 'A whole number from 1 to 5000.' })
    expect(faults({ ratio: 0 })).toEqual({ ratio: 'A number above 0.' })
    expect(faults({ more: 0 })).toEqual({ more: 'A whole number of at least 1.' })
    expect(faults({ page: 1.5 })).toEqual({ page: 'A whole number.' })
    expect(faults({ mode: 'on' })).toEqual({ mode: 'One of: offline, online.' })
    expect(faults({ deep: 'yes' })).toEqual({ deep: 'Yes or no.' })
    expect(faults({ user: 'ab' })).toEqual({ user: 'Text of 3 to 20 characters.' })
    expect(faults({ url: 'example' })).toEqual({ url: 'A full web address, for example https://example.org/data.' })
    expect(faults({ code: 'kr' })).toEqual({ code: 'Three capital letters, for example SEK.' })
    expect(faults({ plain: 'y' })).toEqual({ plain: 'This text does not have the right form; see the description.' })
    expect(faults({ headers: { accept: 1 } })['headers']).toMatch(/^At accept: /)
  })

  it('says what is missing, and names every setting at fault at once', () => {
    expect(faults({ url: undefined, token: '', first: 9999 })).toEqual({
      url: 'Missing. A full web address, for example https://example.org/data.',
      token: 'Missing. Text.',
      first: 'A whole number from 1 to 5000.',
    })
  })

  it('refuses a setting that does not exist instead of ignoring it', () => {
    expect(faults({ frist: 5 })['frist']).toMatch(/^There is no setting of this name\. There are: url, token/)
  })

  it('never repeats a value, which may be a secret', () => {
    expect(JSON.stringify(faults({ token: 12345678, first: 'hunter2hunter2' }))).not.toMatch(/12345678|hunter2/)
  })
})
