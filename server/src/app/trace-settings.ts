import type { TracingSettings } from './observe/tracing.ts'

/** The settings of traces as they were given, under the names that OpenTelemetry has for them. */
interface GivenTracing {
  readonly endpoint: string
  readonly tracesEndpoint: string
  readonly headers: string
  readonly serviceName: string
  readonly share: string
}

/** Reads where traces go; null when nowhere. Faults never repeat an address or a header, because both may hold a key. */
export function readTracing(
  { endpoint, tracesEndpoint, headers, serviceName, share }: GivenTracing,
  faults: string[],
): TracingSettings | null {
  if (endpoint === '' && tracesEndpoint === '') return null
  const name = tracesEndpoint ? 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT' : 'OTEL_EXPORTER_OTLP_ENDPOINT'
  const url = tracesEndpoint || `${endpoint.replace(/\/+$/, '')}/v1/traces`
  const parsed = URL.canParse(url) ? new URL(url) : null
  if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.username + parsed.password !== '')
    faults.push(
      `${name} must be an address like http://collector.example.org:4318, without a user or a password: those go into OTEL_EXPORTER_OTLP_HEADERS.`,
    )
  const kept = Number(share)
  if (!(kept >= 0 && kept <= 1)) faults.push(`OTEL_TRACES_SAMPLER_ARG is "${share}"; it must be a number from 0 to 1.`)
  const pairs = readHeaders(headers)
  if (pairs === null) faults.push('OTEL_EXPORTER_OTLP_HEADERS must be a list like name=value,other=value, with values in percent form.')
  return { url, headers: pairs ?? {}, serviceName, share: kept }
}

function readHeaders(text: string): Record<string, string> | null {
  const headers: Record<string, string> = {}
  for (const pair of text.split(',').filter((part) => part.trim() !== '')) {
    const [, name, value] = /^\s*([\w!#$%&'*+.^`|~-]+)\s*=\s*(.*?)\s*$/.exec(pair) ?? []
    if (name === undefined || value === undefined) return null
    try {
      headers[name.toLowerCase()] = decodeURIComponent(value)
    } catch {
      return null
    }
  }
  return headers
}
