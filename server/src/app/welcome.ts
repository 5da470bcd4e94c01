import type { Settings } from './config.ts'
import type { Handover } from './handover.ts'

/** What a person sees when the server is ready. */
export async function welcome(handover: Handover, settings: Settings): Promise<string> {
  const sources = await handover.sources.list()
  const running = sources.filter((source) => !source.paused).length
  const what =
    sources.length === 0 ? 'no sources yet' : `${sources.length} ${sources.length === 1 ? 'source' : 'sources'}, ${running} on schedule`
  const health = handover.healthUrl === null ? '' : `\n  Health     ${handover.healthUrl}/readyz`
  if (handover.url === null) {
    return `
A worker of Handover is running: ${what}.${health}
  Data       ${settings.dataFolder} and ${handover.database}
  Stop       Ctrl-C
`
  }
  return `
Handover is running: ${what}.
  Dashboard  ${handover.url}
  GraphQL    ${handover.url}/graphql${health}
  Data       ${settings.dataFolder}${settings.databaseUrl === null ? '' : ` and ${handover.database}`}
  Stop       Ctrl-C
`
}
