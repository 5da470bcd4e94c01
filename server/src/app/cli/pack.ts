import { writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { CliError, type Call } from './call.ts'
import { count } from './words.ts'

const PATIENCE_MS = 120_000

/** `handover pack`: has the running server write the handover pack, keeps it as HTML and PDF, and says what is missing in it. */
export async function pack(call: Call): Promise<number> {
  const { argument, cwd, clock, terminal } = call
  const folder = resolve(cwd, argument ?? '.')
  const name = `handover-${clock.now().toISOString().slice(0, 10)}`
  // Both together are what nothing at all asks for.
  const [html, pdf] = [call.flags.has('html'), call.flags.has('pdf')]
  for (const format of [...(html || !pdf ? ['html'] : []), ...(pdf || !html ? ['pdf'] : [])]) {
    const file = join(folder, `${name}.${format}`)
    const response = await call.api().get(`/export/handover-pack.${format}`, PATIENCE_MS)
    await writeFile(file, new Uint8Array(await response.arrayBuffer()), { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') throw new CliError(`${file} is there already. Move it away, or name another folder.`)
      throw new CliError(`${file} cannot be written (${error.code}).`)
    })
    terminal.line(`Written: ${file}`)
  }
  const { gaps } = (await (await call.api().get('/export/handover-pack.json', PATIENCE_MS)).json()) as { gaps: string[] }
  if (gaps.length > 0) terminal.line(`${count(gaps.length, 'thing is', 'things are')} missing in it:`)
  for (const each of gaps) terminal.line(`- ${each}`)
  return 0
}
