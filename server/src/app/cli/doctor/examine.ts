import { join } from 'node:path'
import { migrations } from '../../../migrations/index.ts'
import { checkMongo } from '../../../schedule/schedule.service.ts'
import { fault, faultFrom, ok, warning, type Check } from '../../../shared/check.ts'
import { StartError } from '../../../shared/errors.ts'
import { checkDatabase } from '../../../warehouse/warehouse.service.ts'
import { readSettings, type Settings } from '../../config.ts'
import { withoutSecrets } from '../../logger.ts'
import { checkConnectors } from './connectors.ts'
import { checkFolder } from './folder.ts'
import { checkNode } from './node.ts'
import { checkServer } from './server.ts'
import { checkStored } from './stored.ts'
import { checkTold } from './told.ts'

type Env = Readonly<Record<string, string | undefined>>

/** Looks at everything that Handover needs, at once, and tells it in a fixed order. What cannot be looked at is a fault too; nothing is thrown. */
export async function* examine(env: Env, cwd: string): AsyncGenerator<Check> {
  yield checkNode(process.versions.node)
  const settings = settingsOrFaults(env, cwd)
  if (Array.isArray(settings)) return yield* settings
  yield ok('settings', 'All settings can be read.')
  const running = looks(settings, env).map(([name, look]) => attempt(name, look))
  for (const checks of running) for (const check of await checks) yield withoutPasswords(check)
}

function looks(settings: Settings, env: Env): [name: string, look: () => Promise<Check[]>][] {
  const { databaseUrl: url, mongodbUrl, dataFolder, connectorFolders, role } = settings
  return [
    ['data folder', () => checkFolder(dataFolder)],
    ['connectors', () => checkConnectors(connectorFolders)],
    ['database', () => checkDatabase({ url, file: join(dataFolder, 'handover.db'), migrations })],
    ...(mongodbUrl === null ? [] : [['MongoDB', () => mongoChecks(mongodbUrl)] as [string, () => Promise<Check[]>]]),
    ['stored', () => checkStored(settings)],
    ['told', () => checkTold(settings.notify)],
    ['server', () => checkServer(env, role)],
  ]
}

/** The settings; where some are wrong, a fault for each, and the others cannot be looked at. */
function settingsOrFaults(env: Env, cwd: string): Settings | Check[] {
  try {
    return readSettings(env, cwd)
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    const faults = error.message.split('\n').map((line) => faultFrom('settings', { name: '', message: line }))
    return [...faults, warning('the rest', 'Nothing else was looked at.', 'Mend the settings first, then run the doctor again.')]
  }
}

async function attempt(name: string, look: () => Promise<Check[]>): Promise<Check[]> {
  try {
    return await look()
  } catch (error) {
    if (error instanceof StartError) return [faultFrom(name, error)]
    const { code, message } = error as { code?: unknown; message?: unknown }
    return [fault(name, `It could not be looked at: ${[code, message].filter((part) => part !== undefined).join(', ')}.`)]
  }
}

async function mongoChecks(url: string): Promise<Check[]> {
  const { ok: isFine, message } = await checkMongo(url)
  return [isFine ? ok('MongoDB', message) : faultFrom('MongoDB', { name: '', message })]
}

/** No message holds a password; should one of a driver do, it is taken out here. */
function withoutPasswords(check: Check): Check {
  const { message, todo } = check
  return { ...check, message: withoutSecretsBut(message), todo: todo === null ? null : withoutSecretsBut(todo) }
}

/** In sentences that show what an address looks like. */
const EXAMPLE = '//user:password@'
const withoutSecretsBut = (text: string): string =>
  text
    .split(EXAMPLE)
    .map((part) => withoutSecrets(part))
    .join(EXAMPLE)
