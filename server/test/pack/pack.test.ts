import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { ROOT } from '../../src/app/config.ts'
import { startServer, type TestServer } from '../api/server.ts'
import { archiveOf, emptyPlace, type Place } from '../backup/places.ts'
import { run } from '../cli/command-line.ts'

const connectors = fileURLToPath(new URL('../api/connectors', import.meta.url))
const SECRET = 'Tulpan-9-groda'
const envOf = ({ dataFolder, databaseUrl }: Place): Record<string, string> => ({
  ...{ HANDOVER_DATA: dataFolder, HANDOVER_CONNECTORS: connectors, HANDOVER_PORT: '0' },
  DATABASE_URL: databaseUrl ?? '',
})
const htmlOf = async (server: TestServer) => (await fetch(`${server.url}/export/handover-pack.html`)).text()
const plain = (html: string) => html.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
const note = (server: TestServer, input: object) => server.ask('mutation ($input: AddNote!) { addNote(input: $input) { id } }', { input })

describe('the handover pack', { timeout: 90_000 }, () => {
  it('starts a clean machine again, by its own words and a backup alone', async () => {
    await using place = await emptyPlace()
    await using target = await emptyPlace()
    const archive = archiveOf(target)
    let html = ''
    {
      await using server = await startServer(envOf(place))
      await server.shelf('books', { rows: 30, token: SECRET })
      await server.shelf('socks', { rows: 12, bad: true })
      html = await htmlOf(server)
      const made = await run(['backup', archive, '--with-key', '--with-files'], envOf(place))
      expect([made.stderr, made.code]).toEqual(['', 0])
    }
    // What a person brings along: the backup, and where the new databases are.
    const known: Record<string, string> = { BACKUP: archive, DATABASE_URL: target.databaseUrl ?? '', MONGODB_URL: '' }
    const env: Record<string, string> = {
      PATH: process.env['PATH']!,
      HOME: process.env['HOME'] ?? '',
      HANDOVER_DATA: target.dataFolder,
      HANDOVER_CONNECTORS: connectors,
      HANDOVER_PORT: '0',
    }
    const part = html.slice(html.indexOf('Start again from nothing'))
    const commands = [...part.matchAll(/<pre><code>([\s\S]*?)<\/code><\/pre>/g)].map(([, command]) => plain(command!))
    expect(commands.length).toBeGreaterThan(4)
    let started: TestServer | null = null
    for (const command of commands) {
      if (command === 'npm ci') expect(existsSync(join(ROOT, 'node_modules'))).toBe(true)
      else if (command.startsWith('export ')) for (const [, name] of command.matchAll(/(\w+)=/g)) env[name!] = known[name!]!
      else if (command === 'npm start') started = await startServer({ ...env, DATABASE_URL: target.databaseUrl ?? '' })
      else await promisify(execFile)('sh', ['-c', command], { cwd: ROOT, env })
    }
    expect(started).not.toBeNull()
    await using server = started!
    const table = part.slice(part.indexOf('id="rows-to-find"'))
    const wanted = [...table.matchAll(/<tr><td>([^<]*)<\/td><td>([^<]*)<\/td><td>([^<]*)<\/td><\/tr>/g)].map(([, slug, name, rows]) => [
      slug,
      name,
      Number(rows),
    ])
    expect(wanted).toEqual([
      ['books', 'books__items', 30],
      ['socks', 'socks__items', 11],
    ])
    const { data } = await server.ask(
      '{ datasets { sourceSlug table rows } books { items { totalCount } } socks { items { totalCount } } sources { slug config } }',
    )
    expect(
      data.datasets.map((each: { sourceSlug: string; table: string; rows: number }) => [each.sourceSlug, each.table, each.rows]),
    ).toEqual(wanted)
    expect([data.books.items.totalCount, data.socks.items.totalCount]).toEqual([30, 11])
    expect(data.sources[0].config.token).not.toBeNull()
  })

  it('says what runs, why, who owns it and what people know, and marks what nobody has written', async () => {
    await using server = await startServer()
    await server.shelf('books', { rows: 30, bad: true })
    const gaps = async () => ((await (await fetch(`${server.url}/export/handover-pack.json`)).json()) as { gaps: string[] }).gaps
    expect(await gaps()).toEqual([
      expect.stringMatching(/^Shelf books: nobody is named as its owner/),
      expect.stringMatching(/^Shelf books: nobody has written why/),
    ])
    await note(server, { source: 'books', text: 'Owner: Maja Lind', by: 'Maja' })
    await note(server, { source: 'books', text: 'why: the shop wants to know what is left' })
    await note(server, { source: 'books', dataset: 'items', column: 'name', text: 'Åsa <b>types</b> it by hand' })
    expect(await gaps()).toEqual([])
    const html = await htmlOf(server)
    const text = plain(html.replaceAll(/<[^>]+>/g, ' ')).replaceAll(/\s+/g, ' ')
    for (const words of [
      'who owns it Maja Lind',
      'why it is here the shop wants to know what is left',
      'items, name: Åsa <b>types</b> it by hand',
      'Shelf Ltd, free (https://shelf.example/data)',
      'Only when somebody asks for it',
      'Table books__items, merge, told apart by id, 29 rows.',
      'set aside, 1: ',
      'The last 1 load',
      'Items: the load added 29 rows.',
      'Price',
    ])
      expect(text).toContain(words)
    expect(html).not.toContain('<b>types</b>')
    const pdf = Buffer.from(await (await fetch(`${server.url}/export/handover-pack.pdf`)).arrayBuffer())
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-')
    expect(pdf.toString('latin1').match(/\/Type \/Page\b(?!s)/g)!.length).toBeGreaterThan(1)
  })

  it('holds no secret, wherever it was given', async () => {
    await using server = await startServer({
      HANDOVER_NOTIFY_EMAIL: 'ops@example.org',
      HANDOVER_SMTP_URL: `smtp://me:${SECRET}@127.0.0.1:1`,
      HANDOVER_NOTIFY_WEBHOOK: `http://127.0.0.1:1/${SECRET}`,
      HANDOVER_KEEP_LOGS: '7d',
    })
    await server.shelf('books', { token: SECRET })
    const html = await htmlOf(server)
    expect(html).not.toContain(SECRET)
    const text = plain(html.replaceAll(/<[^>]+>/g, ' ')).replaceAll(/\s+/g, ' ')
    expect(text).toContain('Shelf books token nobody is named')
    expect(text).toContain('HANDOVER_KEEP_LOGS 7d')
    expect(text).toContain('HANDOVER_SMTP_URL given, and not shown')
    expect(text).toContain('ops@example.org, a webhook')
    const { origin } = new URL(server.url)
    expect((await fetch(`${origin}/export/handover-pack.html`, { headers: { host: 'example.org' } })).status).not.toBe(500)
  })

  it('is written by the command, both ways, and never over another one', async () => {
    await using server = await startServer()
    await server.shelf('books')
    await using place = await emptyPlace('embedded')
    const env = { HANDOVER_URL: server.url }
    const made = await run(['pack', place.dataFolder], env)
    expect([made.code, made.stderr]).toEqual([0, ''])
    const files = [...made.stdout.matchAll(/^Written: (.*)$/gm)].map(([, file]) => file!)
    expect(files.map((file) => file.replace(/^.*\/handover-\d{4}-\d\d-\d\d/, ''))).toEqual(['.html', '.pdf'])
    expect(made.stdout).toContain('2 things are missing in it:\n- Shelf books: nobody is named')
    expect(await run(['pack', place.dataFolder, '--html'], env)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('is there already'),
    })
    expect(await run(['pack', join(place.dataFolder, 'nowhere')], env)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('cannot be written (ENOENT)'),
    })
  })
})
