import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { StartError } from '../../shared/errors.ts'
import { openDatabase } from '../database.ts'
import { temporaryFolder } from '../testing/temporary.ts'
import { lockFolder } from './lock.ts'

const holder = fileURLToPath(new URL('../testing/hold-folder.ts', import.meta.url))
/** Rights do not count for root, so the process gives them up. */
const nobody = 65534

/** Another process that locks the folder and says what came of it. */
async function inAnotherProcess(folder: string, user?: number) {
  const child = spawn(process.execPath, [holder, join(folder, 'handover.db'), String(user ?? '')], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [answer] = (await once(child.stdout, 'data')) as [Buffer]
  return { child, answer: String(answer).trim() }
}

const opening = (folder: string) => openDatabase({ file: join(folder, 'handover.db'), entities: [], migrations: [] })

test('refuses a folder that another process works on, and says which one', async () => {
  const folder = temporaryFolder()
  const { child, answer } = await inAnotherProcess(folder)
  expect(answer).toBe('locked')
  const refused = opening(folder)
  await expect(refused).rejects.toBeInstanceOf(StartError)
  await expect(refused).rejects.toThrow(
    `Another Handover is already running on ${folder} (process ${child.pid}). Stop it or choose another data folder with HANDOVER_DATA.`,
  )
})

test('takes a folder over from a process that was killed, whatever its number is used for now', async () => {
  const folder = temporaryFolder()
  const { child } = await inAnotherProcess(folder)
  child.kill('SIGKILL')
  await once(child, 'exit')
  writeFileSync(join(folder, 'lock.pid'), String(process.ppid))
  const db = await opening(folder)
  expect(readFileSync(join(folder, 'lock.pid'), 'utf8')).toBe(String(process.pid))
  await db.close()
})

test('refuses a second opening in the same process and allows it after closing', async () => {
  const folder = temporaryFolder()
  const first = await opening(folder)
  await expect(opening(folder)).rejects.toThrow(`(process ${process.pid})`)
  await first.close()
  await first.close()
  await (await opening(folder)).close()
})

test('says so when the folder cannot be written', async () => {
  const folder = temporaryFolder()
  chmodSync(folder, 0o555)
  const { answer } = await inAnotherProcess(folder, process.getuid?.() === 0 ? nobody : undefined)
  expect(answer).toContain(`Handover cannot write to its data folder ${folder}.`)
  expect(answer).toContain('HANDOVER_DATA')
})

test('says so when the folder is a file, or its database is no database', async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'taken'), '')
  expect(() => lockFolder(join(folder, 'taken', 'handover.db'))).toThrow('Handover cannot write to its data folder')
  writeFileSync(join(folder, 'handover.db'), 'this is text and no database at all, and it is long enough to tell')
  const refused = opening(folder)
  await expect(refused).rejects.toBeInstanceOf(StartError)
  await expect(refused).rejects.toThrow('Handover cannot open its database')
})
