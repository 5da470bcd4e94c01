import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { EXAMPLE } from '../example.ts'
import { FORGE, PARKS, PRICES, STOCK } from '../testing/definitions.ts'
import { readDefinition } from './read.ts'

const GOOD = `# A comment
url: https://api.example.com/v1
auth: { kind: bearer }
rate: { calls: 30, seconds: 10 }
streams:
  orders:
    path: /orders
    query: { since: "{cursor}" }
    records: data.items
    paging: { kind: page, param: page, size: 100 }
    cursor: { field: updated_at, start: 2026-01-01 }
    load: merge
    key: [id]
    columns:
      id: { path: id, type: int, about: Order number }
      total: { path: amounts.total, type: "decimal(12,2)", unit: SEK }
      name:
  lines:
    parent: orders
    path: /orders/{parent.id}/lines
`

/** Each mistake as "place in the definition: sentence". */
function mistakes(text: string): string[] {
  const read = readDefinition(text)
  return 'faults' in read ? read.faults.map(({ path, message }) => `${path.join('.')} | ${message}`) : []
}

describe('a definition', () => {
  it('is read when it is right', () => {
    const readme = readFileSync(join(import.meta.dirname, '../readme.md'), 'utf8')
    const shown = /```yaml\n([^`]+)```/.exec(readme)![1]!
    for (const text of [GOOD, EXAMPLE, FORGE, STOCK, PARKS, PRICES, shown]) expect(mistakes(text)).toEqual([])
  })

  it.each([
    // What YAML itself refuses.
    ['  orders:\n', '\torders:\n', ' | Line 6, column 1: Lines are set in by spaces, not by tabs.'],
    ['calls: 30', 'calls: 30, calls: 3', ' | Line 4, column 20: This name stands here twice.'],
    [
      'path: /orders\n',
      'path: a: b\n',
      ' | Line 7, column 11: A colon with a space behind it is one too many here; put the text in quotes.',
    ],
    // What the schema refuses.
    [
      'kind: bearer',
      'kind: bearr',
      'auth.kind | Line 3, column 15: “bearr” is not known here. Did you mean bearer? Known are: none, key, bearer, basic, oauth2.',
    ],
    ['{ kind: bearer }', '{ }', 'auth.kind | Line 3, column 1: kind is missing: one of none, key, bearer, basic, oauth2.'],
    [
      'path: /orders\n',
      'pth: /orders\n',
      /^streams\.orders\.pth \| Line 7, column 5: “pth” is not known here\. Did you mean path\? Known are: path, records, /,
    ],
    [
      '    path: /orders\n',
      '',
      'streams.orders.path | Line 6, column 3: path is missing. Where the list is, below the address of the API, such as /orders.',
    ],
    [
      'load: merge',
      'load: mrge',
      'streams.orders.load | Line 12, column 11: “mrge” is not known here. Did you mean merge? Known are: merge, append, replace.',
    ],
    ['key: [id]', 'key: id', 'streams.orders.key | Line 13, column 10: key must be a list such as [id].'],
    ['size: 100', 'size: many', 'streams.orders.paging.size | Line 10, column 46: size must be a whole number.'],
    [
      'size: 100',
      'sise: 100',
      /^streams\.orders\.paging\.sise \| Line 10, column 40: “sise” .* Did you mean size\? Known are: kind, param, first, size, sizeParam\.$/,
    ],
    ['type: int', 'type: integer', /^streams\.orders\.columns\.id\.type \| Line 15, column 29: type must be one of text, int,/],
    ['  lines:', '  Lines:', /^streams\.Lines \| Line 18, column 3: A stream is named by a small letter, .*, not “Lines”\.$/],
    [
      'https://api.example.com/v1',
      'api.example.com',
      'url | Line 2, column 6: url must be a web address such as https://api.example.com/v1.',
    ],
    ['{ calls: 30, seconds: 10 }', 'fast', 'rate | Line 4, column 7: rate must be a block with names of its own, not text.'],
    // What does not go together.
    [
      'parent: orders',
      'parent: ordrs',
      'streams.lines.parent | Line 19, column 13: There is no stream “ordrs”. Did you mean orders? Known are: orders.',
    ],
    [
      'parent: orders',
      'parent: lines',
      'streams.lines.parent | Line 19, column 13: parent leads back to this stream, so it would never begin.',
    ],
    [
      '    parent: orders\n',
      '',
      'streams.lines.path | Line 19, column 11: path asks for a parent, but this stream has none; write parent: and the name of a stream.',
    ],
    [
      '{parent.id}',
      '{prent.id}',
      'streams.lines.path | Line 20, column 11: {prent.id} is nothing that can be filled in. Did you mean {parent.id}? Known here are: {parent.id}, {now}.',
    ],
    ['/{parent.id}', '', /^streams\.lines\.parent \| Line 19, column 13: parent asks the same for every row of orders;/],
    [
      'load: merge',
      'load: replace',
      'streams.orders.cursor | Line 11, column 13: cursor goes with load: merge or append; a replace reads everything each time.',
    ],
    [
      '    query: { since: "{cursor}" }\n',
      '',
      'streams.orders.cursor | Line 10, column 13: cursor is asked for nowhere; put {cursor} into query, such as since: "{cursor}".',
    ],
    [
      '    cursor: { field: updated_at, start: 2026-01-01 }\n',
      '',
      'streams.orders.query.since | Line 8, column 21: {cursor} needs a cursor: which field grows with every change? Write cursor: { field: … }.',
    ],
    [
      'path: /orders\n',
      'path: /orders?a=b\n',
      'streams.orders.path | Line 7, column 11: path must end before the question mark; write the values under query.',
    ],
    [
      'path: /orders\n',
      'path: https://other.example/orders\n',
      'streams.orders.path | Line 7, column 11: path must begin with /, because the address of the API stands above.',
    ],
    [
      '      name:\n',
      '      ID: { path: x }\n',
      'streams.orders.columns.ID | Line 17, column 7: “id” and “ID” differ only in capitals; choose another name.',
    ],
    [
      'path: amounts.total',
      'path: "{parent.id}"',
      'streams.orders.columns.total.path | Line 16, column 22: path asks for a parent, but this stream has none.',
    ],
  ])('says what is wrong with %j as %j', (right, wrong, sentence) => {
    const text = GOOD.replace(right, wrong)
    expect(text).not.toBe(GOOD)
    expect(mistakes(text)).toEqual([typeof sentence === 'string' ? sentence : expect.stringMatching(sentence)])
  })

  it('says so where a load or a key cannot be', () => {
    expect(mistakes(GOOD.replace('load: merge', 'load: append'))).toEqual([
      'streams.orders.key | Line 13, column 10: key is not for append, where every record adds a row.',
      'streams.lines.parent | Line 19, column 13: The rows of orders have no key to be asked for by, because it is loaded with append; load it with merge or replace.',
    ])
    expect(mistakes(GOOD.replace('    columns:', '    otherColumns: false\n    columns:').replace('[id]', '[it]'))).toEqual([
      'streams.orders.key.0 | Line 13, column 11: “it” is not known here. Did you mean id? Known are: id, total, name.',
    ])
  })

  it('says what is wrong with parts', () => {
    expect(mistakes(PRICES.replace('    key:', '    columns: { area: { path: "{partition}" } }\n    key:'))).toEqual([])
    const of = (right: string, wrong: string) => mistakes(PRICES.replace(right, wrong)).map((each) => each.split(' | ')[1])
    expect(of('[SE3, SE4]', '[SE3, SE3]')).toEqual(['Line 6, column 23: “SE3” stands there twice.'])
    expect(of('/{partition}', '')).toEqual([
      'Line 6, column 17: partitions asks the same for each of them; put {partition} into path or query.',
    ])
    expect(of('    partitions: [SE3, SE4]\n', '')).toEqual([
      'Line 4, column 11: {partition} needs values to take; write partitions: [ … ].',
    ])
    expect(of('{partition}', '{partitoin}')).toEqual([
      'Line 4, column 11: {partitoin} is nothing that can be filled in. Did you mean {partition}? Known here are: {cursor}, {partition}, {now}.',
    ])
  })

  it('tells one who writes a secret into the text, without repeating it', () => {
    for (const [right, wrong, place] of [
      ['kind: bearer', 'kind: bearer, token: tops3cret', 'Line 3, column 23'],
      ['kind: bearer', 'kind: key, name: X-Key, key: tops3cret', 'Line 3, column 33'],
      ['"{cursor}"', '"{cursor}", api_key: tops3cret', 'Line 8, column 33'],
      ['rate:', 'headers: { Authorization: Bearer tops3cret }\nrate:', 'Line 4, column 12'],
      ['rate:', 'password: tops3cret\nrate:', 'Line 4, column 1'],
      ['https://api', 'https://ada:tops3cret@api', 'Line 2, column 6'],
    ] as const) {
      const found = mistakes(GOOD.replace(right, wrong))
      expect(found).toEqual([expect.stringContaining(`${place}: `)])
      expect(found[0]).toContain('“Key or password”')
      expect(found[0]).not.toContain('tops3cret')
    }
  })

  it('says every mistake in the order of the text, and bears what is no block at all', () => {
    const several = GOOD.replace('bearer', 'bearr').replace('mrge', 'merge').replace('size: 100', 'size: 0').replace('key: [id]', 'key: []')
    expect(mistakes(several).map((each) => /Line \d+/.exec(each)![0])).toEqual(['Line 3', 'Line 10', 'Line 13'])
    for (const text of ['', '- a', 'just words', '5'])
      expect(mistakes(text)).toEqual([' | Line 1, column 1: The definition begins with names such as url: and streams:.'])
    const bomb = `a: &a [${'x, '.repeat(9)}x]\n${[...'bcdefghij'].map((name, index) => `${name}: &${name} [${`*${'abcdefghij'[index]}, `.repeat(9)}1]`).join('\n')}`
    expect(mistakes(bomb)).toEqual([expect.stringContaining('Aliases (*) make this text too long')])
  })
})
