import { execFileSync } from 'node:child_process'
import { appendFileSync, chmodSync, chownSync, mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { ConfigError } from '@handover/sdk'
import { describe, expect, it } from 'vitest'
import { readRecords } from '../formats/read-records.ts'
import { START } from '../read.ts'
import { settings } from '../settings.ts'
import { people, Source, testFolder } from '../testing/source.ts'
import { Folder } from './folder.ts'

const disk = testFolder()
const { put } = disk
const at = (path: string): string => join(disk.root, path)
const newSource = (config: Record<string, unknown> = {}) => new Source(config, { filesFolder: at('files') })
const inFolder = () => Folder.at(at('files'), '', '')
const isWindows = process.platform === 'win32'

/** Lists the folder, then lets somebody change it, and opens what was listed. */
async function openAfter(change: () => void) {
  const folder = await inFolder()
  const [file] = await folder.list()
  change()
  const opened = await folder.open(file!)
  await opened?.close()
  return opened
}

describe.skipIf(isWindows)('what lies outside of the folder is never opened', () => {
  it('through a link that took the place of a file after it was listed', async () => {
    put('secret.csv', 'id\n1\n')
    put('files/a.csv', 'id\n2\n')
    const swapped = await openAfter(() => {
      rmSync(at('files/a.csv'))
      symlinkSync(at('secret.csv'), at('files/a.csv'))
    })
    expect(swapped).toBeNull()
  })

  it('through a link that took the place of a folder on the way', async () => {
    put('outside/a.csv', 'id\n1\n')
    put('files/sub/a.csv', 'id\n2\n')
    const swapped = await openAfter(() => {
      renameSync(at('files/sub'), at('elsewhere'))
      symlinkSync(at('outside'), at('files/sub'))
    })
    expect(swapped).toBeNull()
  })

  it('through a link that took the place of the folder of the source itself', async () => {
    put('outside/a.csv', 'id\n1\n')
    put('files/sub/a.csv', 'id\n2\n')
    const folder = await Folder.at(at('files'), 'sub', '')
    const [file] = await folder.list()
    renameSync(at('files/sub'), at('elsewhere'))
    symlinkSync(at('outside'), at('files/sub'))
    expect(await folder.open(file!)).toBeNull()
    expect((await folder.list()).map(({ path }) => path)).toEqual(['a.csv'])
  })

  it('while a folder flickers between itself and a link to the outside', async () => {
    put('outside/a.csv', 'id\n1\n')
    put('files/sub/a.csv', 'id\n2\n')
    const folder = await inFolder()
    const [file] = await folder.list()
    const flickering = { on: true }
    const flicker = (async () => {
      while (flickering.on) {
        renameSync(at('files/sub'), at('elsewhere'))
        symlinkSync(at('outside'), at('files/sub'))
        await new Promise(setImmediate)
        rmSync(at('files/sub'))
        renameSync(at('elsewhere'), at('files/sub'))
        await new Promise(setImmediate)
      }
    })()
    const seen = new Set<string>()
    for (let tries = 0; tries < 500; tries++) {
      const opened = await folder.open(file!)
      if (opened === null) continue
      const { handle } = await opened.content()
      seen.add((await handle.read(Buffer.alloc(9), 0, 9, 0)).buffer.toString('utf8', 0, 5))
      await opened.close()
    }
    flickering.on = false
    await flicker
    expect([...seen].filter((text) => text !== 'id\n2\n')).toEqual([])
  })

  it('by a description of columns that is a link', async () => {
    put('secret', 'a secret that is no JSON')
    put('files/a.csv', 'id\n1\n')
    symlinkSync(at('secret'), at('files/_columns.json'))
    expect((await newSource().load()).columns).toMatchObject({ id: 'int' })
    rmSync(at('files/_columns.json'))
    symlinkSync('/dev/zero', at('files/_columns.json'))
    expect((await newSource().load()).columns).toMatchObject({ id: 'int' })
  })

  it('by the names of devices, processes and pipes, and nothing waits for them', async () => {
    mkdirSync(at('files'))
    put('files/a.csv', 'id\n1\n')
    for (const [name, target] of [
      ['zero', '/dev/zero'],
      ['environ', '/proc/self/environ'],
      ['self', '/proc/self/cwd'],
      ['up', '../..'],
    ])
      symlinkSync(target!, at(`files/${name}.csv`))
    execFileSync('mkfifo', [at('files/pipe.csv'), at('files/pipe.parquet'), at('files/_columns.json')])
    const server = createServer().listen(at('files/socket.csv'))
    await new Promise((resolve) => server.once('listening', resolve))
    try {
      expect((await newSource().load()).values('id')).toEqual([1])
    } finally {
      await new Promise((resolve) => server.close(resolve))
    }
  })

  it('when a pipe takes the place of a file after it was listed', async () => {
    put('files/a.csv', 'id\n1\n')
    const swapped = await openAfter(() => {
      rmSync(at('files/a.csv'))
      execFileSync('mkfifo', [at('files/a.csv')])
    })
    expect(swapped).toBeNull()
  })
})

describe.skipIf(isWindows)('names with odd bytes', () => {
  it('are read when they are UTF-8, whatever they hold', async () => {
    const names = [
      'two\nlines.csv',
      '"quotes".csv',
      '..csv.csv',
      '$(touch x).csv',
      '%2e%2e%2f.csv',
      'a\u202Eb.csv',
      `${'x'.repeat(200)}.csv`,
    ]
    // A name that begins with a point is left out, as everywhere.
    const read = names.filter((name) => !name.startsWith('.'))
    names.forEach((name, index) => put(`files/${name}`, `id\n${index}\n`))
    const source = await newSource({ key: 'id' }).load()
    expect(source.values('id')).toHaveLength(read.length)
    expect(source.reasons).toEqual([])
  })

  it('are set aside with a sentence when they are not', async () => {
    put('files/a.csv', 'id\n1\n')
    writeFileSync(Buffer.concat([Buffer.from(at('files/')), Buffer.from([0xff, 0xfe]), Buffer.from('.csv')]), 'id\n2\n')
    const source = await newSource().load()
    expect(source.values('id')).toEqual([1])
    expect(source.reasons).toEqual([expect.stringContaining('is not UTF-8')])
    expect((await source.load()).read).toBe(0)
  })
})

describe('a file that changes while it is read', () => {
  it('is read as far as it went at first when it grows, and again the next time', async () => {
    put('files/a.csv', `id,name\n${people(20_000)}`)
    const source = await newSource().load(1)
    appendFileSync(at('files/a.csv'), people(10, 20_001))
    await source.load()
    expect(source.values('id')).toHaveLength(20_010)
    const folder = await inFolder()
    const [file] = await folder.list()
    const opened = await folder.open(file!)
    appendFileSync(at('files/a.csv'), people(10, 30_001))
    expect((await opened!.content()).size).toBe(opened!.size)
    await opened!.close()
  })

  it('ends where it ends when it becomes shorter', async () => {
    put('files/a.csv', `id,name\n${people(200_000)}`)
    const folder = await inFolder()
    const [file] = await folder.list()
    const opened = await folder.open(file!)
    let count = 0
    for await (const { records } of readRecords(opened!, START, settings.parse({}))) {
      if (count === 0) truncateSync(at('files/a.csv'), 100)
      count += records.length
    }
    await opened!.close()
    expect(count).toBeLessThan(200_000)
  })
})

describe.skipIf(isWindows)('what the system does not let us read', () => {
  /** Runs work as somebody without rights, since whoever runs the tests may have them all. */
  async function asNobody<T>(work: () => Promise<T>): Promise<T> {
    if (process.getuid!() !== 0) return work()
    chownSync(disk.root, 65_534, 65_534)
    process.seteuid!(65_534)
    try {
      return await work()
    } finally {
      process.seteuid!(0)
    }
  }

  it('is set aside when it is a file, once, while the others load', async () => {
    put('files/a.csv', 'id\n1\n')
    put('files/b.csv', 'id\n2\n')
    chmodSync(at('files/b.csv'), 0)
    const source = newSource()
    await asNobody(() => source.load())
    expect(source.values('id')).toEqual([1])
    expect(source.reasons).toEqual([expect.stringContaining('cannot be opened (EACCES)')])
    await asNobody(() => source.load())
    expect(source.read).toBe(0)
    await expect(asNobody(() => newSource({ pattern: 'b.csv' }).check())).rejects.toThrow(
      /b\.csv cannot be opened \(EACCES\)\. Let whoever runs Handover/,
    )
  })

  it('fails the load when it is a folder, with a sentence beside the setting', async () => {
    put('files/a.csv', 'id\n1\n')
    put('files/shut/b.csv', 'id\n2\n')
    chmodSync(at('files/shut'), 0)
    const error = await asNobody(() => newSource().load()).catch((reason: unknown) => reason)
    chmodSync(at('files/shut'), 0o700)
    expect(error).toBeInstanceOf(ConfigError)
    expect((error as ConfigError).fields).toEqual([
      { name: 'folder', message: expect.stringMatching(/The folder "shut" cannot be opened \(EACCES\)/) },
    ])
  })
})
