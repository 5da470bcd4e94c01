import { createWriteStream } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { BackupError, readArchive, readKey, restoreBackup, type ArchiveEnd, type ArchiveHead } from '../../backup/backup.service.ts'
import { migrations } from '../../migrations/index.ts'
import { keepPlans, openScheduleBackend, type PlannedTime } from '../../schedule/schedule.service.ts'
import { HandoverError, StartError } from '../../shared/errors.ts'
import type { Database } from '../../warehouse/warehouse.service.ts'
import { readSettings, type Settings } from '../config.ts'
import { openTables } from '../platform-database.ts'
import { describe } from './backup.ts'
import { CliError, type Call } from './call.ts'

/** `handover restore`: puts an archive into an empty database and data folder. With `--check` it only looks at the archive. */
export async function restore(call: Call): Promise<number> {
  const settings = readSettings(call.env, call.cwd)
  const given = call.argument === '-' ? await keepInput(settings) : null
  const file = given ?? resolve(call.cwd, call.argument!)
  try {
    return call.flags.has('check') ? await check(call, file) : await fill(call, settings, file)
  } catch (error) {
    throw refusal(error)
  } finally {
    call.terminal.progress('')
    if (given !== null) await rm(given, { force: true })
  }
}

/** Says in words why it was not restored. What is wrong with an archive is mostly found before anything is changed; the rest comes in the middle. */
function refusal(error: unknown): unknown {
  const { code, message } = error as { code?: string; message: string }
  if (error instanceof StartError) return error
  if (error instanceof BackupError) return new CliError(message, 1, { cause: error })
  const reason = REASONS[code ?? ''] ?? (error instanceof HandoverError ? message : null)
  if (reason === null) return error
  return new CliError(`${reason} What is there is not whole: run the same command again, and it begins anew.`, 1, { cause: error })
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'The disk is full. Make room.',
  EDQUOT: 'The disk is full. Make room.',
  DISK_FULL: 'The disk is full. Make room.',
  DATABASE_LOST: 'The connection to the database was lost.',
}

/** An archive is read twice: to see that it is whole, and to take it. So what comes through a pipe is kept for that long. */
async function keepInput({ dataFolder }: Settings): Promise<string> {
  await mkdir(dataFolder, { recursive: true })
  const file = join(dataFolder, `restore-${process.pid}.tar.part`)
  try {
    await pipeline(process.stdin, createWriteStream(file, { mode: 0o600 }))
  } catch (error) {
    await rm(file, { force: true })
    throw new CliError(`The archive could not be kept in ${dataFolder} (${(error as NodeJS.ErrnoException).code}).`, 1)
  }
  return file
}

async function check({ terminal, flags }: Call, file: string): Promise<number> {
  terminal.progress('checking the archive')
  const { head, end } = await readArchive(file)
  terminal.progress('')
  if (flags.has('json')) terminal.json({ ...facts(head), ...end })
  else terminal.line(`The archive is whole. It is of ${whenMade(head)} and holds ${describe(end)}.`)
  return 0
}

async function fill(call: Call, settings: Settings, file: string): Promise<number> {
  const { terminal, flags, clock } = call
  await mkdir(settings.dataFolder, { recursive: true })
  const restored = await restoreBackup({
    ...{ file, clock, migrations, dataFolder: settings.dataFolder, filesFolder: settings.filesFolder },
    key: settings.secretKey ?? (await readKey(settings.dataFolder)),
    open: (some) => openTables(settings, { migrations: some }),
    plan: (db, plans) => plan(settings, db, plans, call),
    progress: (words) => terminal.progress(words),
  })
  terminal.progress('')
  if (flags.has('json')) terminal.json({ ...facts(restored.head), ...(restored satisfies ArchiveEnd), head: undefined })
  else tell(call, settings, restored)
  return 0
}

/** A schedule that cannot be kept is planned anew from the sources at the next start. */
async function plan({ mongodbUrl }: Settings, db: Database, plans: readonly PlannedTime[], { terminal }: Call): Promise<void> {
  try {
    const backend = await openScheduleBackend(mongodbUrl, db)
    await keepPlans(backend, plans).finally(() => backend.disconnect())
  } catch (error) {
    if (!(error instanceof HandoverError)) throw error
    terminal.error(`When sources load next could not be kept; they are planned anew. ${error.message}`)
  }
}

function tell({ terminal }: Call, { dataFolder }: Settings, restored: Awaited<ReturnType<typeof restoreBackup>>): void {
  terminal.line(`Restored: ${describe(restored)}, as they were on ${whenMade(restored.head)}.`)
  if (restored.lacksKey)
    terminal.line(
      `The key of stored passwords and tokens was not in the archive. Put secret.key (its id is ${restored.head.key!.id}) into ${dataFolder} before you start, or type them in again.`,
    )
  terminal.line('Start Handover: loads go on from where they were then.')
}

const whenMade = ({ createdAt, handover }: ArchiveHead): string => `${createdAt.slice(0, 16).replace('T', ' ')} UTC (Handover ${handover})`

const facts = ({ handover, createdAt, key }: ArchiveHead) => ({ handover, createdAt, key })
