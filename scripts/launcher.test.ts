import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { memoryFlags } from './memory.mjs'

const scripts = import.meta.dirname
const launcher = join(scripts, 'node.mjs')
const start = (...args: string[]) => spawn(process.execPath, [launcher, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
const exitOf = async (child: ChildProcess) => (await once(child, 'exit')) as [number | null, string | null]

describe('the launcher', () => {
  it('hands on arguments and output, and puts its Node first for children', async () => {
    const child = start('-p', 'process.argv[1] + " " + require("child_process").execFileSync("node", ["-v"]) + process.version', 'word')
    const [output] = await once(child.stdout, 'data')
    expect(String(output)).toMatch(/^word (v\d+\.\d+\.\d+)\n\1\n$/)
  })

  it.each([0, 2, 41])('ends with the exit code %i of what it runs', async (code) => {
    expect(await exitOf(start('-e', `process.exit(${code})`))).toEqual([code, null])
  })

  it('never ends well when what it runs is killed', async () => {
    expect(await exitOf(start('-e', 'process.kill(process.pid, "SIGKILL")'))).toEqual([137, null])
  })

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('hands on %s and waits for a calm end', async (signal) => {
    const child = start('-e', `process.on('${signal}', () => process.exit(7)); setInterval(() => {}, 1000); console.log('up')`)
    await once(child.stdout, 'data')
    child.kill(signal)
    expect(await exitOf(child)).toEqual([7, null])
  })
})

it('`npm start` starts the server with the memory that it is meant to have', () => {
  const { scripts: known } = JSON.parse(readFileSync(join(scripts, '../package.json'), 'utf8')) as { scripts: { start: string } }
  expect(known.start).toBe(`node scripts/node.mjs ${memoryFlags.join(' ')} scripts/start.mjs`)
})

it('a test run that is stopped is never green', { timeout: 30_000 }, async () => {
  const child = start(join(scripts, 'test.mjs'), 'docs/checks/rooms')
  await once(child.stdout, 'data') // the first word of the build or of Vitest
  child.kill('SIGTERM')
  expect(await exitOf(child)).toEqual([143, null])
})
