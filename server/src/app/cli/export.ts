import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { CliError, type Call } from './call.ts'
import { describe, readInstalled } from './sources-file/installed.ts'
import { writeSources } from './sources-file/write.ts'
import { count } from './words.ts'

/** `handover export`: prints all sources of the running server as one file without secrets, or writes it. */
export async function exportSources(call: Call): Promise<number> {
  const installed = await readInstalled(call.api())
  const { sources } = installed
  const lost = sources.filter(({ connector }) => connector === null)
  if (lost.length > 0)
    call.terminal.error(`Left out, because their connector is not installed: ${lost.map(({ slug }) => slug).join(', ')}.`)
  const kept = sources.filter(({ connector }) => connector !== null).toSorted((a, b) => (a.slug < b.slug ? -1 : 1))
  const described = describe(kept, installed)
  const text = writeSources(described)
  if (call.argument === null) call.terminal.line(text.trimEnd())
  else {
    await writeFile(resolve(call.cwd, call.argument), text, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') throw new CliError(`${call.argument} is there already. Choose another name.`)
      throw new CliError(`${call.argument} cannot be written (${error.code}).`)
    })
    call.terminal.line(`${call.argument} holds ${count(described.length, 'source')}.`)
  }
  return lost.length > 0 ? 1 : 0
}
