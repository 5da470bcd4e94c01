import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readSources } from '../../src/app/cli/sources-file/read.ts'
import { writeSources } from '../../src/app/cli/sources-file/write.ts'
import { SecretReference, type DescribedSource } from '../../src/app/cli/sources-file/described-source.ts'
import { startServer, type TestServer } from '../api/server.ts'
import { planOf } from '../../src/app/cli/sources-file/plan.ts'
import { describe as described, type Field, type InstalledSource } from '../../src/app/cli/sources-file/installed.ts'
import { ROOT } from '../../src/app/config.ts'
import { run } from './command-line.ts'
import { runHere, source } from './in-process.ts'

const folder = await mkdtemp(join(tmpdir(), 'handover-apply-'))
afterAll(() => rm(folder, { recursive: true, force: true }))

const secrets = { BOOKS_TOKEN: 'Tulpan-9-groda' }
const on = (server: TestServer, more: Readonly<Record<string, string>> = {}) => ({ HANDOVER_URL: server.url, ...more })
async function fileOf(text: string, name = 'sources.yaml'): Promise<string> {
  const file = join(folder, name)
  await writeFile(file, text)
  return file
}

const FILE = `# Sources of Handover. Take them over with: npx handover apply <this file>
# Secrets are not in it. These must be given, as variables or in a file with --secrets:
#   BOOKS_TOKEN

version: 1
sources:
  books:
    title: 'Books: "old" & new'
    connector: shelf
    schedule:
      cron: 0 3 * * *
      timeZone: Europe/Stockholm
    settings:
      rows: 25
      token: \${BOOKS_TOKEN}
  shoes:
    title: Shoes
    connector: shelf
    schedule:
      every: 2 hours
    paused: true
    settings: {}
  socks:
    title: Socks
    connector: shelf
    settings:
      bad: true
`

describe('handover export and apply', { timeout: 90_000 }, () => {
  it('carry all sources to another server, and back again in the same bytes', async () => {
    await using server = await startServer()
    const file = await fileOf(FILE)
    const dry = await run(['apply', file, '--dry-run'], on(server, secrets))
    expect([dry.code, dry.stdout]).toEqual([
      0,
      '+ books: new, of the connector shelf\n+ shoes: new, of the connector shelf\n+ socks: new, of the connector shelf\n',
    ])
    expect((await server.ask('{ sources { slug } }')).data.sources).toEqual([])
    const done = await run(['apply', file], on(server, secrets))
    expect([done.code, done.stderr, done.stdout]).toEqual([0, '', expect.stringContaining('Done: 3 sources.')])
    expect((await run(['export'], on(server))).stdout).toBe(FILE)
    // The secret is there by now, so it need not be given again.
    const again = await run(['apply', file], on(server))
    expect([again.code, again.stdout]).toEqual([0, '= books\n= shoes\n= socks\nThere is nothing to change.\n'])
    const { source } = (await server.ask('{ source(slug: "books") { config scheduleText } }')).data
    expect(source).toMatchObject({ config: { rows: 25, token: 'set' } })
    const written = join(folder, 'out.yaml')
    expect((await run(['export', written], on(server))).stdout).toContain('holds 3 sources')
    expect(await readFile(written, 'utf8')).toBe(FILE)
    expect(await run(['export', written], on(server))).toMatchObject({ code: 2, stderr: expect.stringContaining('is there already') })
  })

  it('change what differs, say what, and remove only when it was said twice', async () => {
    await using server = await startServer()
    await run(['apply', await fileOf(FILE)], on(server, secrets))
    const other = FILE.replace('rows: 25', 'rows: 30')
      .replace('every: 2 hours', 'every: 90 minutes')
      .replace('    paused: true\n', '')
      .replace(/ {2}socks:[\s\S]*$/, '')
    const file = await fileOf(other, 'other.yaml')
    const done = await run(['apply', file], on(server))
    expect(done.stdout).toBe(
      '~ books\n    rows: 25 → 30\n~ shoes\n    schedule: every 2 hours → every 90 minutes\n    paused: true → false\nDone: 2 sources.\n',
    )
    const slugs = async () => (await server.ask('{ sources { slug } }')).data.sources.map(({ slug }: { slug: string }) => slug).toSorted()
    expect(await slugs()).toEqual(['books', 'shoes', 'socks'])
    expect(await run(['apply', file, '--prune'], on(server))).toMatchObject({ code: 2, stderr: expect.stringContaining('say --yes') })
    expect((await run(['apply', file, '--prune', '--yes'], on(server))).stdout).toContain('- socks: removed; its tables are kept')
    expect(await slugs()).toEqual(['books', 'shoes'])
    const renewed = await run(['apply', file, '--renew-secrets', '--json'], on(server, { BOOKS_TOKEN: 'Another-9-word' }))
    expect(JSON.parse(renewed.stdout)).toContainEqual({ action: 'change', source: 'books', changes: ['token: a new secret'] })
    expect(renewed.stdout).not.toContain('Another-9-word')
  })

  it('do nothing when secrets are not given, and say which', async () => {
    await using server = await startServer()
    const refused = await run(['apply', await fileOf(FILE)], on(server))
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('1 secret is not given: BOOKS_TOKEN.')])
    expect((await server.ask('{ sources { slug } }')).data.sources).toEqual([])
    const given = await fileOf('BOOKS_TOKEN=Tulpan-9-groda\n', 'secrets')
    expect((await run(['apply', await fileOf(FILE), '--secrets', given], on(server))).code).toBe(0)
  })

  it('refuse what a server does not know, all at once', async () => {
    await using server = await startServer()
    await run(['apply', await fileOf(FILE)], on(server, secrets))
    const wrong = FILE.replace('connector: shelf\n    settings:\n      bad', 'connector: shelfs\n    settings:\n      bad').replace(
      'rows: 25',
      'row: 25',
    )
    const refused = await run(['apply', await fileOf(wrong)], on(server, secrets))
    expect([refused.code, refused.stderr.trim().split('\n')]).toEqual([
      2,
      [
        'books: the connector "shelf" has no setting "row". Did you mean "rows"?',
        'socks: there is no connector "shelfs". Did you mean "shelf"?',
      ],
    ])
  })

  it('do nothing when a value of any source would be refused, and name each', async () => {
    await using server = await startServer()
    const wrong = FILE.replace('every: 2 hours', 'every: 2 seconds').replace('bad: true', 'rows: -1')
    const refused = await run(['apply', await fileOf(wrong)], on(server, secrets))
    expect([refused.code, refused.stdout, refused.stderr.trim().split('\n')]).toEqual([
      1,
      '',
      [expect.stringMatching(/^shoes: /), expect.stringMatching(/^socks: /), 'Nothing was done.'],
    ])
    expect((await server.ask('{ sources { slug } }')).data.sources).toEqual([])
  })

  it('refuse a source whose tables of before are kept, as the page does', async () => {
    await using server = await startServer()
    const kept =
      'mutation { createSource(input: { slug: "shoes", title: "Old", connector: "shelf", config: {} }) { slug } deleteSource(slug: "shoes") }'
    expect((await server.ask(kept)).errors).toBeUndefined()
    const refused = await run(['apply', await fileOf(FILE)], on(server, secrets))
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringContaining('shoes: Tables of an earlier source "shoes" are still kept.'),
    ])
    expect((await server.ask('{ sources { slug } }')).data.sources).toEqual([])
  })

  it('say what was done when a source itself refuses in the middle, and go on from there', async () => {
    await using server = await startServer({ HANDOVER_CONNECTORS: join(ROOT, 'connectors') })
    const two = (folder: string) =>
      fileOf(
        `version: 1\nsources:\n  a-people: { title: P, connector: random-users }\n  b-files: { title: F, connector: files, settings: { folder: ${folder} } }\n`,
      )
    const refused = await run(['apply', await two('nowhere')], on(server))
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringMatching(/^b-files: .* Done before: a-people\. Run it again/)])
    await mkdir(join(server.folder, 'files/somewhere'), { recursive: true })
    await writeFile(join(server.folder, 'files/somewhere/a.csv'), 'id\n1\n')
    expect((await run(['apply', await two('somewhere')], on(server))).stdout).toBe(
      '= a-people\n+ b-files: new, of the connector files\nDone: 1 source.\n',
    )
  })

  it('make a paused source that has not loaded, and wait for a typed word before they remove one', async () => {
    await using server = await startServer()
    await run(['apply', await fileOf(FILE)], on(server, secrets))
    await server.handover.loads.idle()
    const { loads } = (await server.ask('{ loads { nodes { source { slug } } } }')).data
    expect(loads.nodes.map(({ source }: { source: { slug: string } }) => source.slug).toSorted()).toEqual(['books', 'socks'])
    const file = await fileOf(FILE.replace(/ {2}socks:[\s\S]*$/, ''), 'less.yaml')
    const around = (answers: string[]) => ({ answers, url: server.url })
    expect(await runHere(['apply', file, '--prune'], around(['no']))).toMatchObject({ code: 1, stderr: 'Nothing was done.\n' })
    expect(await runHere(['apply', file, '--prune'], around(['remove']))).toMatchObject({
      code: 0,
      asked: ['Type "remove" to remove 1 source: '],
    })
  })

  it('carry a document as text that can be read', async () => {
    await using shop = await source((_, response) => void response.setHeader('content-type', 'application/json').end('[{"id":1},{"id":2}]'))
    const env = { HANDOVER_CONNECTORS: join(ROOT, 'connectors'), ...shop.env }
    await using server = await startServer(env)
    const definition = `# what is asked\nurl: ${shop.url}\nstreams:\n  items:\n    path: /items\n`
    const input = { slug: 'shop', title: 'Shop', connector: 'rest', config: { definition }, schedule: { every: 120 } }
    const made = await server.ask('mutation ($input: CreateSource!) { createSource(input: $input) { slug } }', { input })
    expect(made.errors).toBeUndefined()
    const { stdout } = await run(['export'], on(server))
    expect(stdout).toContain('every: 2 minutes\n    settings:\n      definition: |\n        # what is asked\n        url: ')
    await using other = await startServer(env)
    expect(await run(['apply', await fileOf(stdout, 'carried.yaml')], on(other))).toMatchObject({ code: 0, stderr: '' })
    expect((await run(['export'], on(other))).stdout).toBe(stdout)
  })

  it('say where nobody answers', async () => {
    const nobody = await run(['apply', await fileOf(FILE)], { HANDOVER_URL: 'http://127.0.0.1:1', ...secrets })
    expect([nobody.code, nobody.stdout]).toEqual([2, ''])
  })
})

describe('the file of sources', () => {
  const source = (settings: Record<string, unknown>): DescribedSource => ({
    slug: 'a-b',
    title: 'T',
    connector: 'c',
    schedule: null,
    paused: false,
    settings,
  })

  it('keeps every text and number as it is', () => {
    const settings = {
      ...{
        empty: '',
        blank: ' a ',
        no: 'no',
        yes: 'yes',
        on: 'on',
        date: '2026-11-26',
        octal: '0o17',
        number: '12',
        null: 'null',
        tilde: '~',
      },
      ...{
        quote: `it's "x"`,
        hash: 'a # b',
        dash: '- a',
        colon: 'a: b',
        ref: '${HOME}',
        refs: '$${HOME}',
        inside: 'a ${HOME} b',
        emoji: '😀\u2028',
      },
      ...{ lines: 'one\n  two\n\nthree\n', tab: 'a\tb', long: 'x'.repeat(5000), cr: 'a\r\nb', star: '*a', amp: '&a', tag: '!a', pct: '%a' },
      ...{ int: 42, zero: 0, half: 0.5, flag: false, list: ['a', 1, null, { deep: '${X}' }], map: { 'odd "key"': 'v', '': 'e' } },
    }
    expect(readSources(writeSources([source(settings)]))).toEqual([source(settings)])
    expect(readSources(writeSources([source({ token: new SecretReference('A_B_TOKEN') })]))[0]!.settings['token']).toEqual(
      new SecretReference('A_B_TOKEN'),
    )
  })

  it.each([
    [
      'version: 2\nsources: {}',
      ['Line 1: This version of Handover reads files of version 1. It was written by a newer Handover; use that one.'],
    ],
    ['a: [1', [expect.stringMatching(/^Line 1: /)]],
    ['version: true\nsources: {}', [expect.stringMatching(/^Line 1: .*version 1/)]],
    ['version: 1\nsources:\n  ? [a]\n  : {}', [expect.stringMatching(/^Line \d: /)]],
    [
      'version: 1\nsources:\n  a:\n    title: A\n    connector: c\n    settings:\n      x: !!binary aGVq\n      y: .inf',
      [expect.stringMatching(/^Line 7: .*tag/)],
    ],
    [
      'version: 1\nsources:\n  a:\n    title: A\n    connector: c\n    settings:\n      y: .inf',
      ['Line 7: Infinity is no number that a setting can have.'],
    ],
    ['just words', ['The file must begin with "version: 1" and "sources:".']],
    ['', ['The file must begin with "version: 1" and "sources:".']],
    ['version: 1\nsources:\n  a:\n    title: A\n    title: B', [expect.stringMatching(/^Line 5: .*unique/)]],
    [
      'version: 1\nsources:\n  a:\n    titel: A\n    connector: c',
      ['Line 4: There is no "titel" here. Did you mean "title"?', 'Line 3: The title is missing.'],
    ],
    ['version: 1\nsources:\n  a:\n    title: 12\n    connector: c', ['Line 4: The title must be a text; write it in quotes.']],
    [
      'version: 1\nsources:\n  a:\n    title: A\n    connector: c\n    schedule:\n      every: 2 fortnights',
      [expect.stringContaining('Line 7: An interval is written like')],
    ],
    [
      'version: 1\nsources:\n  a:\n    title: A\n    connector: c\n    settings:\n      big: 12345678901234567890',
      [expect.stringContaining('Line 7: The number 12345678901234567890 is too long')],
    ],
  ])('says what is wrong with %j, and where', (text, faults) => {
    let found: unknown
    try {
      readSources(text)
    } catch (error) {
      found = (error as { faults: unknown }).faults
    }
    expect(found).toEqual(faults)
  })

  it('gives no two secrets one name, and takes an address with a password for one', () => {
    const field = (name: string, kind: string): Field => ({ name, kind, required: false, defaultValue: null })
    const connectors = new Map([['c', [field('c', 'SECRET'), field('bC', 'SECRET'), field('url', 'TEXT')]]])
    const of = (slug: string, config: Record<string, unknown>): InstalledSource => ({
      slug,
      config,
      title: 'T',
      paused: false,
      schedule: null,
      connector: { name: 'c' },
    })
    const all = described([of('a-b', { c: 'set' }), of('a', { bC: 'set' }), of('x', { c: 'set', url: 'mysql://u:pw@h/d' })], { connectors })
    const names = all.flatMap(({ settings }) => Object.values(settings).map((value) => (value as SecretReference).name))
    expect(new Set(names).size).toBe(4)
    expect(names).toEqual([expect.stringMatching(/^A_B_C_[0-9A-F]{6}$/), expect.stringMatching(/^A_B_C_[0-9A-F]{6}$/), 'X_C', 'X_URL'])
    expect(writeSources(all)).not.toContain('pw')
  })

  it('fills in references wherever they stand, names those that are missing, and shows none of them', () => {
    const field = (name: string, kind: string): Field => ({ name, kind, required: false, defaultValue: null })
    const connectors = new Map([['c', [field('headers', 'JSON'), field('token', 'SECRET')]]])
    const wanted = readSources(
      'version: 1\nsources:\n  a:\n    title: T\n    connector: c\n    settings:\n      headers: { list: ["${K}", "$${K}"], key: "${L}" }\n      token: literal\n',
    )
    const there: InstalledSource = {
      slug: 'a',
      title: 'T',
      paused: false,
      schedule: null,
      connector: { name: 'c' },
      config: { headers: { list: ['k', '${K}'], key: 'l' }, token: 'set' },
    }
    const plan = (secrets: Record<string, string>, sources: InstalledSource[]) =>
      planOf(wanted, { connectors, sources }, { secret: (name) => secrets[name], renews: false, prunes: false })
    expect(plan({ K: 'k' }, []).missing).toEqual(['L'])
    expect(plan({ K: 'k', L: 'l' }, []).steps).toMatchObject([
      { kind: 'create', config: { headers: { list: ['k', '${K}'], key: 'l' }, token: 'literal' } },
    ])
    expect(plan({ K: 'k', L: 'l' }, [there]).steps).toEqual([{ kind: 'same', slug: 'a' }])
    const changed = plan({ K: 'k', L: 'other' }, [there])
    expect(changed.steps).toMatchObject([{ kind: 'change', changes: ['headers: another value, which may hold a secret'] }])
  })

  it('does not grow into something large by references within itself', () => {
    const bomb = [
      'version: 1',
      'sources: {}',
      'a: &a [x, x, x]',
      ...Array.from({ length: 8 }, (_, n) => `b${n}: &b${n} [*${n === 0 ? 'a' : `b${n - 1}`}, *${n === 0 ? 'a' : `b${n - 1}`}]`),
    ].join('\n')
    expect(() => readSources(bomb)).toThrow('The file refers to parts of itself')
  })
})
