/** What the dashboard needs to know when it runs by itself. The settings are those of docs/reference/settings.md. */
export interface ServeSettings {
  readonly host: string
  readonly port: number
  /** Where the API is. */
  readonly api: URL
  /** Where people see the dashboard when a proxy stands before it; null: only at local names. */
  readonly publicUrl: URL | null
  /** Names that a Host header may hold, in lower case. */
  readonly names: ReadonlySet<string>
}

const LOCAL_NAMES = ['localhost', '127.0.0.1', '[::1]']
const NOWHERE = new URL('http://127.0.0.1:3000')

/** Reads the settings out of an environment; every fault is one line for the person who starts it. */
export function readSettings(env: Readonly<Record<string, string | undefined>>): { settings: ServeSettings; faults: string[] } {
  const faults: string[] = []
  const text = (name: string, otherwise: string) => env[name]?.trim() || otherwise
  const address = (name: string, value: string) => {
    const url = URL.canParse(value) ? new URL(value) : null
    if (url !== null && /^https?:$/.test(url.protocol) && url.pathname + url.search + url.hash + url.username === '/') return url
    faults.push(`${name} must be an address like http://server:3000, with nothing after the port.`)
    return NOWHERE
  }
  const port = text('HANDOVER_PORT', '3000')
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65535) faults.push(`HANDOVER_PORT is "${port}"; it must be a whole number from 0 to 65535.`)
  const api = address('HANDOVER_INTERNAL_API', text('HANDOVER_INTERNAL_API', NOWHERE.origin))
  const seen = text('HANDOVER_PUBLIC_URL', '')
  const publicUrl = seen === '' ? null : address('HANDOVER_PUBLIC_URL', seen)
  const allowed = text('HANDOVER_ALLOWED_HOSTS', '').split(',')
  const names = [...LOCAL_NAMES, ...(publicUrl ? [publicUrl.hostname] : []), ...allowed].map((name) => name.trim().toLowerCase())
  const settings = { host: text('HANDOVER_HOST', '127.0.0.1'), port: Number(port), api, publicUrl, names: new Set(names.filter(Boolean)) }
  return { settings, faults }
}
