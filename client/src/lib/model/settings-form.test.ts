import { describe, expect, it } from 'vitest'
import { configOf, countFaults, faultsUnder, placeFaults, secretsSet, valuesOf, type Setting, type SettingKind } from './settings-form.ts'

const setting = (name: string, kind: SettingKind, more: Partial<Setting> = {}): Setting => ({
  name,
  title: name,
  about: null,
  kind,
  required: false,
  defaultValue: null,
  choices: null,
  min: null,
  max: null,
  document: null,
  example: null,
  ...more,
})

const form = [
  setting('url', 'TEXT', { required: true }),
  setting('first', 'NUMBER', { defaultValue: 10 }),
  setting('deep', 'BOOLEAN', { defaultValue: false }),
  setting('mode', 'CHOICE', { choices: ['a', 'b'], defaultValue: 'a' }),
  setting('token', 'SECRET'),
  setting('headers', 'JSON', { defaultValue: { accept: 'x' } }),
]

describe('a document', () => {
  const lists = setting('lists', 'DOCUMENT', { document: {}, example: 'url: x' })

  it('begins with its example when it is new, and is sent as it is', () => {
    expect(valuesOf([lists])).toEqual({ lists: 'url: x' })
    expect([valuesOf([lists], {}), valuesOf([lists], { lists: 'a: 1' })]).toEqual([{ lists: '' }, { lists: 'a: 1' }])
    expect(configOf([lists], { lists: 'a: 1\r\nb: 2\r\n' }).config).toEqual({ lists: 'a: 1\nb: 2\n' })
  })

  it('counts each of its faults', () => {
    const faults = ['lists.a', 'lists.b.c'].map((name) => ({ name, message: 'Wrong.' }))
    expect(countFaults(placeFaults(faults, ['lists']), [lists])).toBe(2)
  })
})

describe('the fields of a form', () => {
  it('begin with the defaults', () => {
    const headers = '{\n  "accept": "x"\n}'
    expect(valuesOf(form)).toEqual({ url: '', first: '10', deep: 'false', mode: 'a', token: '', headers })
  })

  it('show the settings of a source, and of a secret nothing', () => {
    const config = { url: 'u', first: 3, deep: true, mode: 'b', token: 'set', headers: {} }
    expect(valuesOf(form, config)).toEqual({ url: 'u', first: '3', deep: 'true', mode: 'b', token: '', headers: '{}' })
    expect(secretsSet(form, config)).toEqual(['token'])
    expect(secretsSet(form, { ...config, token: null })).toEqual([])
  })
})

describe('settings', () => {
  it('are read out of the fields, each as its kind', () => {
    const values = { url: 'u', first: ' −2.5 ', deep: 'true', mode: 'b', token: ' s ', headers: '{"a": [1]}' }
    expect(configOf(form, values)).toEqual({
      config: { url: 'u', first: -2.5, deep: true, mode: 'b', token: ' s ', headers: { a: [1] } },
      faults: [],
    })
  })

  it('leave out what is empty, and keep a secret that is not typed', () => {
    expect(configOf(form, { url: ' ', first: '', token: '', headers: '' }).config).toEqual({
      first: null,
      deep: false,
      mode: null,
      headers: null,
    })
    expect(configOf(form, { token: null }).config).toMatchObject({ token: null })
  })

  it('pass on what is no number, for the API to say what it wants', () => {
    expect(configOf(form, { first: 'many' }).config['first']).toBe('many')
  })

  it.each([
    ['{\n  "a": 1,\n  b: 2\n}', 'line 3, column 3'],
    ['{\n  "a": 1', 'line 2, column 9'],
    ['nope', 'line 1, column 1'],
    ['{"a": [1, 2,]}', 'line 1, column 13'],
    ['{"a": "x\ty"}', 'line 1, column 7'],
    ['{} {}', 'line 1, column 4'],
  ])('say where text is not JSON: %j', (text, place) => {
    const { faults } = configOf(form, { headers: text })
    expect(faults).toEqual([{ name: 'headers', message: `This is not JSON. Look at ${place}.` }])
  })
})

it('puts faults to their fields, those inside of a setting too', () => {
  const faults = [
    { name: 'url', message: 'Missing.' },
    { name: 'headers.accept', message: 'Text.' },
    { name: 'other', message: 'Unknown.' },
  ]
  const placed = placeFaults(faults, ['url', 'headers'])
  expect(placed).toMatchObject({ at: { url: 'Missing.', headers: 'Text.' }, rest: ['Unknown.'] })
  expect(placed.inside['headers']).toEqual([{ name: 'accept', message: 'Text.' }])
  expect(countFaults(placed, form)).toBe(2)
  expect(
    faultsUnder(
      [
        { name: 'config.url', message: 'x' },
        { name: 'slug', message: 'y' },
      ],
      'config',
    ),
  ).toEqual([{ name: 'url', message: 'x' }])
})
