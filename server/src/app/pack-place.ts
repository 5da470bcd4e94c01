import type { PackPlace } from '../pack/pack.service.ts'
import type { Settings } from './config.ts'

/** How this server runs, for the pack: addresses without passwords, settings without secrets. */
export function packPlace(
  { publicUrl, port, databaseUrl, mongodbUrl, dataFolder, notify, given }: Settings,
  { version, database }: { version: string; database: string },
): PackPlace {
  return {
    version,
    address: publicUrl ?? `http://localhost:${port}`,
    database,
    schedule: mongodbUrl === null ? 'beside the tables' : `MongoDB at ${bare(mongodbUrl)}`,
    dataFolder,
    embedded: databaseUrl === null,
    settings: given.map(({ name, value }) => ({ name, value: value === null ? null : bare(value) })),
    told: [...(notify.email?.to ?? []), ...(notify.webhook === null ? [] : ['a webhook'])],
  }
}

/** An address without user, password and what stands behind its host, which may be a secret too; another text as it is. */
function bare(value: string): string {
  const found = /^([a-z+]+:\/\/)(?:[^@/]*@)?([^/?#]+)/i.exec(value)
  return found ? `${found[1]}${found[2]}` : value
}
