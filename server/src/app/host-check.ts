import type { Settings } from './config.ts'

const OWN_NAMES = ['localhost', '127.0.0.1', '[::1]']
const EVERYWHERE = ['0.0.0.0', '::', '[::]']

/** The names under which this server answers, without ports: a port may have been forwarded. */
export function allowedHosts(settings: Pick<Settings, 'host' | 'allowedHosts' | 'publicUrl'>): ReadonlySet<string> {
  const listening = EVERYWHERE.includes(settings.host) ? [] : [settings.host, `[${settings.host}]`]
  const known = settings.publicUrl === null ? [] : [new URL(settings.publicUrl).hostname]
  return new Set([...OWN_NAMES, ...listening, ...known, ...settings.allowedHosts].map((name) => name.toLowerCase()))
}

/** The name in a Host header, without its port; null when there is none that can be read. */
export function hostNameOf(header: string | undefined): string | null {
  const match = /^(\[[0-9a-f:.]+\]|[^:/@\s]+)(?::\d{1,5})?$/i.exec(header ?? '')
  return match ? match[1]!.toLowerCase() : null
}
