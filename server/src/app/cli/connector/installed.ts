import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Connector } from '@handover/sdk'
import { readFixtures, type Fixture } from '@handover/sdk/host'
import { CatalogService } from '../../../catalog/catalog.service.ts'
import { readSettings, type Settings } from '../../config.ts'
import { createLogger } from '../../logger.ts'
import { CliError, type Call } from '../call.ts'

/** One installed connector, and what a command needs to run it. */
export interface InstalledConnector {
  readonly name: string
  /** Absolute. */
  readonly folder: string
  readonly connector: Connector
  readonly catalog: CatalogService
  readonly settings: Settings
}

/** Folder below which the connector of a command lives: `--in`, else the first folder of connectors. */
export function homeOf(call: Call): string {
  const given = call.values.get('in')
  return given === undefined ? readSettings(call.env, call.cwd).connectorFolders[0]! : resolve(call.cwd, given)
}

/** Opens the connector that was named. Throws a `CliError` with the reason when it is not there or cannot be used. */
export async function openInstalled(call: Call): Promise<InstalledConnector> {
  const settings = readSettings(call.env, call.cwd)
  const name = call.argument!
  const catalog = await CatalogService.load(call.values.has('in') ? [homeOf(call)] : settings.connectorFolders, createLogger('silent'))
  const found = catalog.list().find((each) => each.name === name)
  if (found === undefined) {
    const names = catalog.list().map((each) => each.name)
    throw new CliError(
      `There is no connector "${name}". There are: ${names.join(', ') || 'none'}. Make one with: npx handover connector new ${name}`,
    )
  }
  if (found.connector === null) throw new CliError(found.error!.message, 1)
  return { name, folder: found.folder, connector: found.connector, catalog, settings }
}

/** The fixtures of a connector; none when it has no folder for them. Throws a `CliError` when one cannot be read. */
export function fixturesOf({ folder }: InstalledConnector): Fixture[] {
  const place = join(folder, 'fixtures')
  if (!existsSync(place)) return []
  try {
    return readFixtures(place)
  } catch (error) {
    throw new CliError(`The fixtures in ${place} cannot be used. ${(error as Error).message}`, 1, { cause: error })
  }
}
