import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { COMMANDS, dashed } from '../../src/app/cli/commands.ts'
import { ROOT } from '../../src/app/config.ts'
import { begin, run } from './command-line.ts'

const bin = (words: readonly string[]) => begin(words, {}, join(ROOT, 'server/bin/handover.js')).ended

describe('the list of commands', () => {
  it('names every option that the code looks at, and none besides', async () => {
    const folder = join(ROOT, 'server/src/app/cli')
    const files = (await readdir(folder, { recursive: true })).filter((name) =>
      /^((load|loads|sources|notify|export|pack|apply|backup|restore|prune|reload|doctor|follow|run)|connector\/[a-z-]+)\.ts$/.test(name),
    )
    const code = (await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')))).join('\n')
    const used = new Set(
      [...code.matchAll(/(?:flags\.has|values\.get|lists\.get|numberOption|answerTo)\((?:call, )?'([\w-]+)'/g)].map(([, name]) => name!),
    )
    const listed = new Set(COMMANDS.flatMap(({ options }) => options.map(({ name }) => name)))
    expect([...used].sort()).toEqual([...listed].sort())
  })

  it('leaves to the launcher what must work before a build', async () => {
    const launcher = await readFile(join(ROOT, 'server/bin/handover.js'), 'utf8')
    const own = [...launcher.matchAll(/words\[0\] === '(\w+)'/g)].map(([, name]) => name!)
    expect(own).toEqual(COMMANDS.filter(({ run }) => run === null).map(({ name }) => name))
  })
})

describe('handover', { timeout: 60_000 }, () => {
  it('lists every command, also without a build', async () => {
    const { code, stdout, stderr } = await bin([])
    expect([code, stderr]).toEqual([0, ''])
    const width = Math.max(...COMMANDS.map(({ name }) => name.length))
    for (const { name, about } of COMMANDS) expect(stdout).toContain(`  ${name.padEnd(width)}  ${about.replaceAll('`', '')}\n`)
    const unbuilt = await begin(['help'], {}, join(ROOT, 'server/src/app/cli/main.ts')).ended
    expect(unbuilt).toEqual({ code: 0, stdout, stderr: '' })
  })

  it.each(COMMANDS.map((command) => [command.name, command] as const))('explains %s and does not do it', async (name, command) => {
    const { code, stdout } = await bin([...name.split(' '), '--help'])
    expect(code).toBe(0)
    expect(stdout).toMatch(new RegExp(`^handover ${name}`))
    for (const option of command.options) expect(stdout).toContain(`  ${dashed(option)}`)
  })

  it('hands the exit code of a command on', async () => {
    expect(await bin(['nope'])).toMatchObject({ code: 2, stdout: '' })
    expect((await bin(['loads', '--first', 'x'])).code).toBe(2)
  })

  it.each([
    [['nope'], `There is no command "nope". There are: ${COMMANDS.map(({ name }) => name).join(', ')}. More with: npx handover help`],
    [
      ['connector'],
      'There is no command "connector". There are: connector new, connector try, connector record. More with: npx handover help',
    ],
    [['connector', 'try'], 'The name is missing. How it is typed: npx handover connector try --help'],
    [['connector', 'try', 'a', '--set'], '--set needs a value: --set <name=value>. How it is typed: npx handover connector try --help'],
    [['load'], 'The slug is missing. How it is typed: npx handover load --help'],
    [['load', 'a', 'b'], '"b" is one word too many. How it is typed: npx handover load --help'],
    [['doctor', 'a'], '"a" is one word too many. How it is typed: npx handover doctor --help'],
    [['sources', '--now'], 'There is no option --now here. How it is typed: npx handover sources --help'],
    [['loads', '--source'], '--source needs a value: --source <slug>. How it is typed: npx handover loads --help'],
    [['sources', '--json=yes'], '--json takes no value. How it is typed: npx handover sources --help'],
  ])('refuses %s with one sentence and 2', async (words, sentence) => {
    expect(await run(words)).toEqual({ code: 2, stdout: '', stderr: `${sentence}\n` })
  })
})
