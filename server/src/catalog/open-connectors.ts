import { readdir, realpath, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { defineConnector, type Connector } from '@handover/sdk'
import { StartError } from '../shared/errors.ts'
import { placeIn } from '../shared/place-in.ts'
import { hiddenSecrets } from './config-form.ts'
import type { ConnectorModules } from './connector-modules.ts'
import { withoutExit } from './without-exit.ts'

/** What stands in one connector folder: a connector, or why it cannot be used. */
export interface Opened {
  /** Name of the folder. */
  readonly name: string
  /** Absolute. */
  readonly folder: string
  readonly connector: Connector | null
  /** A sentence for a person that names file and line, and the engineer's part. */
  readonly error: { readonly message: string; readonly detail: string } | null
}

/** Not a connector: what connectors are made with. */
const SDK = 'sdk'

/** How the folders are opened. */
export interface Opening {
  readonly modules: ConnectorModules
  /** What an earlier opening gave; empty for the first one. */
  readonly before: readonly Opened[]
  /** Milliseconds that an import may take: one that never ends must not hold the others. */
  readonly patienceMs: number
}

/** Imports every subfolder with an `index.ts`, in the order of the folders and then of the alphabet. A connector at fault fails alone. */
export async function openConnectors(folders: readonly string[], opening: Opening): Promise<Opened[]> {
  const found = (await Promise.all(folders.map(connectorFolders))).flat()
  const addresses = await Promise.all(found.map(async (folder) => `${pathToFileURL(await realpath(folder)).href}/`))
  const opened = await withoutExit(addresses, () => Promise.all(found.map((folder) => openFolder(folder, opening))))
  const first = new Map(opened.map(({ name, folder }) => [name, folder] as const).reverse())
  return opened.map((each) =>
    first.get(each.name) === each.folder ? each : refuse(each, `There is a connector of this name in another folder already.`),
  )
}

async function connectorFolders(folder: string): Promise<string[]> {
  let names: string[]
  try {
    names = await readdir(folder)
  } catch (cause) {
    throw new StartError(`The connector folder ${folder} cannot be read. Make it, or mend HANDOVER_CONNECTORS.`, { cause })
  }
  const subfolders = names.filter((name) => name !== SDK).sort()
  const isConnector = await Promise.all(subfolders.map((name) => isFile(join(folder, name, 'index.ts'))))
  return subfolders.filter((_, index) => isConnector[index]).map((name) => join(folder, name))
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  )

async function openFolder(folder: string, { modules, before, patienceMs }: Opening): Promise<Opened> {
  const name = basename(folder)
  const empty = { name, folder, connector: null, error: null }
  const hasFailed = before.some((each) => each.folder === folder && each.connector === null)
  try {
    const module = await inTime(modules.import(folder, hasFailed), patienceMs)
    if (typeof module.default !== 'object' || module.default === null) {
      return refuse(empty, 'It has no default export. Write: export default defineConnector({ … }).')
    }
    const connector = Object.isFrozen(module.default) ? (module.default as Connector) : defineConnector(module.default as Connector)
    if (connector.name !== name) return refuse(empty, `It calls itself "${connector.name}"; the name must be that of its folder.`)
    const hidden = hiddenSecrets(connector)
    if (hidden.length > 0) return refuse(empty, `Setting ${hidden[0]} has a secret inside; a secret must be a setting of its own.`)
    return { ...empty, connector }
  } catch (error) {
    const stack = error instanceof Error ? (error.stack ?? '') : ''
    const place = placeIn(await realpath(folder).catch(() => folder), stack)
    return refuse(empty, error instanceof Error ? error.message : String(error), place, stack)
  }
}

function refuse({ name, folder }: Pick<Opened, 'name' | 'folder'>, why: string, place: string | null = null, stack = ''): Opened {
  const message = `The connector ${name} cannot be used (${name}/${place ?? 'index.ts'}). ${why}`
  return { name, folder, connector: null, error: { message, detail: stack || why } }
}

async function inTime<T>(importing: Promise<T>, patienceMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const sentence = `Its import did not end within ${patienceMs / 1000} seconds. Wait for nothing at the top of a file; ask in check, discover or extract.`
    timer = setTimeout(() => reject(sentence), patienceMs)
  })
  try {
    return await Promise.race([importing, late])
  } finally {
    clearTimeout(timer)
  }
}
