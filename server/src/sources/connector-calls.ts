import { ConfigError, HandoverError, SourceError, type Connector, type Context, type Discovery, type Json } from '@handover/sdk'
import type { Logger } from 'pino'
import { secretsOf } from '../catalog/catalog.service.ts'
import { previewOf, type PreviewedDataset } from './preview.ts'
import { withoutSecrets } from './sealed-config.ts'

/** Who is called, and with what. */
export interface ConnectorCall {
  readonly connector: string
  /** Slug of the source; left out where there is none yet. */
  readonly source?: string
  /** Checked, with secrets opened. */
  readonly config: Readonly<Record<string, unknown>>
  readonly signal: AbortSignal
  log(message: string, fields?: Readonly<Record<string, Json>>): void
}

/** What a connector is called with. Settings have passed its schema, whose type is known only to the connector. */
export type OpenedContext = Context<Record<string, unknown>> & { close(): Promise<void> }

/** Makes what the host hands to a connector: a plain object, so that it can be spread. Whoever opened it closes it. */
export type OpenContext = (call: ConnectorCall) => OpenedContext

/** Calls connectors outside of loads: to test, to discover, to preview. Each call has a time limit and ends with an error a person can read. */
export class ConnectorCalls {
  readonly #openContext: OpenContext
  readonly #logger: Logger
  readonly #patienceMs: number

  constructor(openContext: OpenContext, logger: Logger, patienceMs: number) {
    this.#openContext = openContext
    this.#logger = logger
    this.#patienceMs = patienceMs
  }

  /** Whether the source answers: `check`, or `discover` where there is no `check`. Resolves when it does. */
  async test(connector: Connector, config: Readonly<Record<string, unknown>>, signal?: AbortSignal): Promise<void> {
    const work = async (context: OpenedContext) => {
      if (connector.check) await connector.check(context)
      else await connector.discover?.(context, null)
    }
    await this.#call(connector, config, work, signal)
  }

  /** What the source has; null for a connector that knows it without asking. */
  discover(
    connector: Connector,
    config: Readonly<Record<string, unknown>>,
    previous: Discovery | null,
    signal?: AbortSignal,
  ): Promise<Discovery | null> {
    return this.#call(connector, config, async (context) => (await connector.discover?.(context, previous)) ?? null, signal)
  }

  /** The first rows of every dataset, straight from the source; nothing is kept. */
  preview(
    connector: Connector,
    config: Readonly<Record<string, unknown>>,
    most: number,
    signal?: AbortSignal,
  ): Promise<PreviewedDataset[]> {
    return this.#call(connector, config, (context) => previewOf(connector, context, most), signal)
  }

  async #call<T>(
    connector: Connector,
    config: Readonly<Record<string, unknown>>,
    work: (context: OpenedContext) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const { name } = connector
    const secrets = [...secretsOf(connector)].map((secret) => config[secret]).filter((value) => typeof value === 'string')
    const limit = AbortSignal.timeout(this.#patienceMs)
    const either = signal === undefined ? limit : AbortSignal.any([signal, limit])
    const log = (message: string, fields: object = {}) => this.#logger.debug({ connector: name, ...fields }, message)
    const context = this.#openContext({ connector: name, config, signal: either, log })
    try {
      return await Promise.race([work(context), aborted(either)])
    } catch (error) {
      if (limit.aborted)
        throw new SourceError(`The source did not answer within ${this.#patienceMs / 1000} seconds.`, { cause: limit.reason })
      if (signal?.aborted) throw new SourceError('Whoever asked went away before the source had answered.', { cause: signal.reason })
      throw cleanError(error, secrets)
    } finally {
      await context.close()
    }
  }
}

/** Rejects when the signal aborts: a connector that does not look at its signal must not hold the caller. */
const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason as Error)
    else signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
  })

/** An error that a person can read and that holds no secret. Its cause is dropped when a secret was in it. */
export function cleanError(error: unknown, secrets: readonly string[]): HandoverError {
  const clean = (text: string) => withoutSecrets(text, secrets)
  if (!(error instanceof HandoverError)) {
    const [message, stack] = error instanceof Error ? [error.message, error.stack ?? ''] : [String(error), '']
    return new SourceError(`The connector stopped with an error of its own: ${clean(message)}`, { detail: clean(stack) })
  }
  const texts = [error.message, error.detail ?? '', String(error.cause ?? ''), error.stack ?? '']
  if (texts.every((text) => clean(text) === text)) return error
  const options = { code: error.code, ...(error.detail !== null && { detail: clean(error.detail) }) }
  if (!(error instanceof ConfigError)) return new SourceError(clean(error.message), options)
  return new ConfigError(clean(error.message), {
    ...options,
    fields: error.fields.map(({ name, message }) => ({ name, message: clean(message) })),
  })
}
