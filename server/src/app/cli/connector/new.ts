import { mkdir, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { titleOf } from '@handover/sdk'
import { readSettings } from '../../config.ts'
import { CliError, type Call } from '../call.ts'
import { plain } from '../terminal.ts'
import { answerTo } from './answer-to.ts'
import { formatted } from './formatted.ts'
import { ONE_PAGE } from './guess-paging.ts'
import { homeOf } from './installed.ts'
import { plan } from './plan.ts'
import { scaffold, type Blueprint } from './scaffold.ts'

const NAME = /^[a-z][a-z0-9-]{1,30}$/
const LONGEST_TITLE = 60

/** `handover connector new`: makes a folder that passes the conformance kit at once. */
export async function connectorNew(call: Call): Promise<number> {
  const name = call.argument!
  const folder = join(homeOf(call), name)
  checkName(call, name, folder)
  const blueprint = await plan(call, name, await titleFor(call, name))
  const files = await formatted(scaffold(blueprint), folder)
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text, { flag: 'wx' })
  }
  if (call.flags.has('json')) call.terminal.json({ connector: name, folder, files: Object.keys(files), unread: blueprint.unread })
  else print(call, blueprint, relative(call.cwd, folder) || '.', Object.keys(files))
  return 0
}

function checkName(call: Call, name: string, folder: string): void {
  if (!NAME.test(name))
    throw new CliError(`"${name}" is no name for a connector: it must be a small letter, then 1 to 30 small letters, digits or dashes.`)
  if (name === 'sdk') throw new CliError('"sdk" is what connectors are made with. Choose another name.')
  const homes = [dirname(folder), ...readSettings(call.env, call.cwd).connectorFolders]
  const taken = homes.map((home) => join(home, name)).find((path) => existsSync(path))
  if (taken !== undefined)
    throw new CliError(`There is something called "${name}" already: ${taken}. Choose another name, or remove it first.`)
}

async function titleFor(call: Call, name: string): Promise<string> {
  const title = await answerTo(call, 'title', 'What do people call the source?', titleOf(name))
  if (title.length <= LONGEST_TITLE && /^[^\p{Cc}]+$/u.test(title)) return title
  throw new CliError(`A title has 1 to ${LONGEST_TITLE} characters on one line.`)
}

function print({ terminal }: Call, { name, secrets, paging, unread }: Blueprint, folder: string, files: readonly string[]): void {
  terminal.line(`Made ${folder}: ${files.join(', ')}.`)
  for (const { setting, param } of secrets)
    terminal.line(`The value of ${param} is not in them: it is the secret setting ${setting}, given with --set ${setting}=…`)
  if (paging !== ONE_PAGE) terminal.line(`It asks page by page with ${paging.helper}(), and the second page was there.`)
  if (unread !== null)
    terminal.line(
      terminal.tone('careful', `${plain(unread)} How it goes on could not be told: set next in index.ts, as the guide says under Pages.`),
    )
  terminal.line()
  terminal.line('What comes next:')
  for (const [command, about] of [
    [`npx handover connector try ${name}`, 'shows rows, columns and what the dashboard draws'],
    [`npx handover connector record ${name}`, 'keeps answers of the source as fixtures, without secrets'],
    [`npm test -- connectors/${name}`, 'holds it to the contract'],
    ['npx handover docs', 'writes its page in docs/reference'],
  ] as const)
    terminal.line(`  ${command.padEnd(38 + name.length)}  ${terminal.tone('quiet', about)}`)
}
