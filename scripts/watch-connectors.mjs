// Sees when a connector is added, changed or removed; `npm run dev` then reloads the connectors of the running server.
import { watch } from 'node:fs'
import { sep } from 'node:path'

/** Editors and compilers write many files at once. */
export const QUIET_MS = 300
const SDK = 'sdk'
/** What is no part of a connector, wherever it lies. A folder that is moved in or out shows as its name alone, so all other names count. */
const OTHER = /(^|[/\\])(node_modules|fixtures|\..*)([/\\]|$)|\.test\.\w+$|\.md$|~$/

/** Calls back with the paths that have changed in the folders of connectors, once nothing more has for a moment, until `close`. */
export function watchConnectors(folders, changed) {
  let timer
  const paths = new Set()
  const tell = () => {
    const all = [...paths]
    paths.clear()
    changed(all)
  }
  const seen = (_event, path) => {
    if (!path || path.split(sep)[0] === SDK || OTHER.test(path)) return
    paths.add(path)
    clearTimeout(timer)
    timer = setTimeout(tell, QUIET_MS)
  }
  const watchers = folders.map((folder) => watch(folder, { recursive: true }, seen))
  return {
    close() {
      clearTimeout(timer)
      for (const watcher of watchers) watcher.close()
    },
  }
}
