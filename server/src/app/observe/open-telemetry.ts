import type { IncomingHttpHeaders } from 'node:http'
import {
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Context,
  type Span,
  type Tracer as Spans,
} from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  ParentBasedSampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
  type SpanExporter,
} from '@opentelemetry/sdk-trace'
import type { Logger } from 'pino'
import type { Facts, Step } from '../../shared/tracer.ts'
import { readTraceparent } from '../request-id.ts'
import type { OpenStep, TracedProcess, Tracing, TracingSettings } from './tracing.ts'
import { within } from './within.ts'

/** Spans wait this long to be sent together. */
const DELAY_MS = 2_000
/** Spans that wait; where the collector is too slow, further ones are dropped. */
const MOST_WAITING = 4_096
const SEND_MS = 5_000
const STOP_MS = 1_000

/** Makes spans by hand and sends them as OTLP with JSON over HTTP. Nothing is registered globally, so two of them do not meet. */
export class OpenTelemetry implements Tracing {
  readonly #contexts = new AsyncLocalStorageContextManager().enable()
  readonly #provider: TracerProvider
  readonly #spans: Spans
  #logger: Logger | null = null
  #isOut = false

  constructor({ url, headers, serviceName, share }: TracingSettings, { version, role, instance }: TracedProcess) {
    const exporter = this.#watched(new OTLPTraceExporter({ url, headers: { ...headers }, timeoutMillis: SEND_MS }))
    this.#provider = new TracerProvider({
      sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(share) }),
      resource: resourceFromAttributes({
        ...{ 'service.name': serviceName, 'service.version': version, 'service.instance.id': instance, 'handover.role': role },
      }),
      spanProcessors: [
        new BatchSpanProcessor({ exporter, scheduledDelayMillis: DELAY_MS, exportTimeoutMillis: SEND_MS, maxQueueSize: MOST_WAITING }),
      ],
    })
    this.#spans = this.#provider.getTracer('handover', version)
  }

  step<T>(name: string, facts: Facts, work: (step: Step) => Promise<T>): Promise<T> {
    const parent = this.#contexts.active()
    return this.#run(this.#spans.startSpan(name, { attributes: facts }, parent), parent, work)
  }

  root<T>(name: string, facts: Facts, work: (step: Step) => Promise<T>): Promise<T> {
    const cause = trace.getSpanContext(this.#contexts.active())
    const links = cause ? [{ context: cause }] : []
    return this.#run(this.#spans.startSpan(name, { attributes: facts, links }, ROOT_CONTEXT), ROOT_CONTEXT, work)
  }

  begin(name: string, facts: Facts, headers?: IncomingHttpHeaders): OpenStep {
    const parent = headers ? parentIn(headers) : this.#contexts.active()
    const kind = headers ? SpanKind.SERVER : SpanKind.INTERNAL
    const span = this.#spans.startSpan(name, { attributes: facts, kind }, parent)
    return {
      within: (work) => this.#contexts.with(trace.setSpan(parent, span), work),
      end: (more, failure) => {
        span.setAttributes(more)
        if (failure !== null) fail(span, failure)
        span.end()
      },
    }
  }

  ids(): Readonly<Record<string, string>> {
    const context = trace.getSpanContext(this.#contexts.active())
    return context ? { trace_id: context.traceId, span_id: context.spanId } : {}
  }

  logTo(logger: Logger): void {
    this.#logger = logger
  }

  async stop(): Promise<void> {
    await within(STOP_MS, this.#provider.shutdown()).catch(() => undefined)
    this.#contexts.disable()
  }

  async #run<T>(span: Span, parent: Context, work: (step: Step) => Promise<T>): Promise<T> {
    const step: Step = { know: (facts) => void span.setAttributes(facts), fail: (code) => fail(span, code) }
    try {
      return await this.#contexts.with(trace.setSpan(parent, span), () => work(step))
    } catch (error) {
      fail(span, codeOf(error))
      throw error
    } finally {
      span.end()
    }
  }

  /** Says once that nothing can be sent, and once that it can again: a collector that is down for a day is one line. */
  #watched(exporter: SpanExporter): SpanExporter {
    return {
      export: (spans, done) =>
        exporter.export(spans, (result) => {
          const isOut = result.error !== undefined
          if (isOut && !this.#isOut)
            this.#logger?.warn({ err: result.error }, 'Traces cannot be sent; they are dropped until it works again')
          if (!isOut && this.#isOut) this.#logger?.info('Traces can be sent again')
          this.#isOut = isOut
          done(result)
        }),
      shutdown: () => exporter.shutdown(),
    }
  }
}

function fail(span: Span, code: string): void {
  span.setAttribute('error.type', code)
  span.setStatus({ code: SpanStatusCode.ERROR })
}

/** What an error says may hold anything, an address with a key too; its code or name says enough to look it up. */
function codeOf(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown }
  return String(code ?? name ?? 'unknown')
}

function parentIn(headers: IncomingHttpHeaders): Context {
  const parent = readTraceparent(headers['traceparent'])
  if (parent === null) return ROOT_CONTEXT
  const { traceId, spanId, isSampled } = parent
  const traceFlags = isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true })
}
