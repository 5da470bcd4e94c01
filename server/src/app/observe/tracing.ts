import type { IncomingHttpHeaders } from 'node:http'
import type { Logger } from 'pino'
import { noTracer, type Facts, type Tracer } from '../../shared/tracer.ts'

/** Where traces go, and how many of them. */
export interface TracingSettings {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly serviceName: string
  /** Share of traces that is kept, from 0 to 1. */
  readonly share: number
}

/** What traces say of the process that they come from. */
export interface TracedProcess {
  readonly version: string
  readonly role: string
  readonly instance: string
}

/** A step that begins and ends in two places. */
export interface OpenStep {
  /** Runs `work`, and all that it begins, as parts of this step. */
  within(work: () => void): void
  end(facts: Facts, failure: string | null): void
}

/** The traces of one process. */
export interface Tracing extends Tracer {
  /** Begins a step: a part of the trace that the headers of a request name, else of what is under way. */
  begin(name: string, facts: Facts, headers?: IncomingHttpHeaders): OpenStep
  /** Ids of what is under way, for log lines; empty outside of everything. */
  ids(): Readonly<Record<string, string>>
  /** Where what cannot be sent is said, once for each outage. Given later, because its lines carry `ids`. */
  logTo(logger: Logger): void
  /** Sends what has not been sent, for a second at most. */
  stop(): Promise<void>
}

const unseen: OpenStep = { within: (work) => work(), end() {} }

/** No traces: every step is nothing but its work. */
export const noTracing: Tracing = { ...noTracer, begin: () => unseen, ids: () => ({}), logTo() {}, stop: async () => undefined }

/** Begins to send traces where there is an address for them. Only then OpenTelemetry is read into memory. */
export async function openTracing(settings: TracingSettings | null, process: TracedProcess): Promise<Tracing> {
  if (settings === null) return noTracing
  const { OpenTelemetry } = await import('./open-telemetry.ts')
  return new OpenTelemetry(settings, process)
}
