import { access, open, rename, rm } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Writable } from 'node:stream'
import { readKey, writeBackup, type ArchiveCounts, type Backup } from '../../backup/backup.service.ts'
import { migrations } from '../../migrations/index.ts'
import { openScheduleBackend, readPlans, type PlannedTime } from '../../schedule/schedule.service.ts'
import { HandoverError } from '../../shared/errors.ts'
import type { Database } from '../../warehouse/warehouse.service.ts'
import { readSettings, type Settings } from '../config.ts'
import { openTables } from '../platform-database.ts'
import { version } from '../version.ts'
import { CliError, type Call } from './call.ts'
import { count } from './words.ts'

/** `-` stands for the standard output, as elsewhere. */
const STREAM = '-'

/** `handover backup`: writes everything into one archive, while the server runs or not. */
export async function backup(call: Call): Promise<number> {
  const settings = readSettings(call.env, call.cwd)
  const now = call.clock.now()
  const file = call.argument === STREAM ? null : resolve(call.cwd, call.argument ?? nameFor(now))
  await refuseNothing(settings)
  const db = await openTables(settings, { readOnly: true })
  try {
    const key = settings.secretKey ?? (await readKey(settings.dataFolder))
    const written = await writingTo(call, file, async (sink) =>
      writeBackup({
        ...{ db, sink, now, key, version: await version(), plans: () => plansOf(settings, db, call) },
        ...{ dataFolder: settings.dataFolder, filesFolder: settings.filesFolder },
        migrations: migrations.map(({ name }) => name),
        withKey: call.flags.has('with-key'),
        withFiles: call.flags.has('with-files'),
        progress: (words) => (file === null ? undefined : call.terminal.progress(words)),
      }),
    )
    tell(call, file, written)
    return written.missing > 0 ? 1 : 0
  } finally {
    await db.close()
  }
}

const nameFor = (now: Date): string => `handover-${now.toISOString().slice(0, 19).replace('T', '-').replaceAll(':', '')}.tar`

/** An embedded database that is not there would be an empty one. */
async function refuseNothing({ databaseUrl, dataFolder }: Settings): Promise<void> {
  if (databaseUrl !== null) return
  await access(join(dataFolder, 'handover.db')).catch(() => {
    throw new CliError(`There is nothing in ${dataFolder} to make a backup of. HANDOVER_DATA says which data folder is meant.`)
  })
}

/** A schedule that cannot be reached is no reason to have no backup: it is planned again from the sources. */
async function plansOf({ mongodbUrl }: Settings, db: Database, { terminal }: Call): Promise<PlannedTime[]> {
  try {
    const backend = await openScheduleBackend(mongodbUrl, db)
    try {
      return await readPlans(backend)
    } finally {
      await backend.disconnect()
    }
  } catch (error) {
    if (!(error instanceof HandoverError)) throw error
    terminal.error(`When sources load next is not in the backup; they are planned anew. ${error.message}`)
    return []
  }
}

/** A file is there as a whole or not at all, and never takes the place of another one. */
async function writingTo(call: Call, file: string | null, write: (sink: Writable) => Promise<Backup>): Promise<Backup> {
  if (file === null) return write(call.output()).catch(refuse('the archive'))
  const part = `${file}.part`
  if (
    await access(file).then(
      () => true,
      () => false,
    )
  )
    throw new CliError(`${file} is there already. Choose another name; a backup writes over nothing.`)
  try {
    const counts = await write((await open(part, 'w', 0o600)).createWriteStream({ flush: true }))
    await rename(part, file)
    const folder = await open(dirname(file))
    await folder.sync().finally(() => folder.close())
    return counts
  } catch (error) {
    await rm(part, { force: true }).catch(() => undefined)
    return refuse(file)(error)
  }
}

/** Says in words why it could not be written. */
const refuse =
  (what: string) =>
  (error: unknown): never => {
    const { code } = error as { code?: string }
    if (code === 'DATABASE_LOST')
      throw new CliError('The connection to the database was lost, so there is no backup. Try again when it is back.', 1, { cause: error })
    if (error instanceof HandoverError) throw new CliError(error.message, 1, { cause: error })
    if (code === 'ENOSPC' || code === 'EDQUOT')
      throw new CliError(`The disk is full, so there is no backup. Make room, or write ${what} elsewhere.`, 1)
    if (code === 'EPIPE') throw new CliError('Whatever was to take the archive ended before it had all of it, so there is no backup.', 1)
    if (code === 'ENOENT' || code === 'EACCES' || code === 'EROFS' || code === 'EPERM')
      throw new CliError(`${what} cannot be written (${code}). Name a file in a folder that is there and may be written.`)
    throw error
  }

function tell({ terminal, flags }: Call, file: string | null, written: Backup): void {
  // What goes through a pipe must not be mixed with words.
  const say = (line: string) => (file === null ? terminal.error(line) : terminal.line(line))
  if (file !== null) terminal.progress('')
  if (file !== null && flags.has('json')) return terminal.json({ file, ...written })
  const { missing, key } = written
  say(`${file ?? 'The backup'} holds ${describe(written)}.`)
  if (missing > 0) {
    const what = count(missing, 'raw file or picture', 'raw files and pictures')
    say(`${what} that the database knows ${missing === 1 ? 'is' : 'are'} not in the data folder, and so not in the backup.`)
  }
  if (key === null) return
  if (key.inside) say('The key of stored passwords and tokens is inside: whoever has the archive can read them. Keep it like a password.')
  else
    say(
      `The key of stored passwords and tokens is not inside (its id is ${key.id}). Keep secret.key elsewhere, or they must be typed in again.`,
    )
}

/** What an archive holds, in words. */
export function describe({ rows, rawFiles, pictures, files }: ArchiveCounts): string {
  const all = Object.values(rows).reduce((sum, each) => sum + each, 0)
  const parts = [
    `${count(Object.keys(rows).length, 'table')} with ${count(all, 'row')}`,
    count(rawFiles, 'raw file'),
    count(pictures, 'picture'),
  ]
  return [...parts, ...(files > 0 ? [count(files, 'file of your own', 'files of your own')] : [])].join(', ')
}
