import { readdir, stat } from 'node:fs/promises'
import { basename, join, relative, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { defineConnector, type Connector } from '@handover/sdk'
import { StartError } from '../shared/errors.ts'
import { hiddenSecrets } from './config-form.ts'

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

/** A module that is not done by then is left out, so that one connector cannot stop the start. */
const IMPORT_MS = 10_000
/** Not a connector: what connectors are made with. */
const SDK = 'sdk'

/** Imports every subfolder with an `index.ts`, in the order of the folders and then of the alphabet. A connector at fault fails alone. */
export async function openConnectors(folders: readonly string[]): Promise<Opened[]> {
  const found = (await Promise.all(folders.map(connectorFolders))).flat()
  const opened = await Promise.all(found.map(openFolder))
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

async function openFolder(folder: string): Promise<Opened> {
  const name = basename(folder)
  const empty = { name, folder, connector: null, error: null }
  try {
    const module = (await inTime(import(pathToFileURL(join(folder, 'index.ts')).href))) as { default?: unknown }
    if (typeof module.default !== 'object' || module.default === null) {
      return refuse(empty, 'It has no default export. Write: export default defineConnector({ … }).')
    }
    const connector = Object.isFrozen(module.default) ? (module.default as Connector) : defineConnector(module.default as Connector)
    if (connector.name !== name) return refuse(empty, `It calls itself "${connector.name}"; the name must be that of its folder.`)
    const hidden = hiddenSecrets(connector)
    if (hidden.length > 0) return refuse(empty, `Setting ${hidden[0]} has a secret inside; a secret must be a setting of its own.`)
    return { ...empty, connector }
  } catch (error) {
    return refuse(empty, error instanceof Error ? error.message : String(error), error)
  }
}

function refuse({ name, folder }: Pick<Opened, 'name' | 'folder'>, why: string, cause?: unknown): Opened {
  const stack = cause instanceof Error ? (cause.stack ?? '') : ''
  const message = `The connector ${name} cannot be used (${name}/${placeIn(folder, stack) ?? 'index.ts'}). ${why}`
  return { name, folder, connector: null, error: { message, detail: stack || why } }
}

/** File and line of the first place of a stack that lies in the folder. */
function placeIn(folder: string, stack: string): string | null {
  for (const [, where = '', line] of stack.matchAll(/((?:file:\/\/)?\/[^\s():]+):(\d+)/g)) {
    const path = where.startsWith('file:') ? fileURLToPath(where) : where
    if (path.startsWith(folder + sep)) return `${relative(folder, path)}, line ${line}`
  }
  return null
}

async function inTime<T>(importing: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`Its import took longer than ${IMPORT_MS / 1000} seconds.`)), IMPORT_MS)
  })
  try {
    return await Promise.race([importing, late])
  } finally {
    clearTimeout(timer)
  }
}
