import type { IncomingHttpHeaders } from 'node:http'
import { newId } from '../shared/ids.ts'

/** Letters that cannot break out of a log line or a header, and not so many that they are a text. */
const GIVEN = /^[\w.:/+=@-]{1,100}$/
/** https://www.w3.org/TR/trace-context/#traceparent-header; ids of zeros are none. */
const TRACEPARENT = /^00-(?!0{32})([\da-f]{32})-(?!0{16})([\da-f]{16})-([\da-f]{2})$/

/** The step of a trace that a request comes from. */
export interface TraceParent {
  readonly traceId: string
  readonly spanId: string
  readonly isSampled: boolean
}

/** Reads the header `traceparent`; null when it is missing or cannot be read. */
export function readTraceparent(header: string | string[] | undefined): TraceParent | null {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(String(header)) ?? []
  return traceId && spanId && flags ? { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 } : null
}

/**
 * The id of a request in logs and answers: the `x-request-id` that came with it, else the trace of its `traceparent`, so that what a proxy
 * wrote down is found here; a new one where neither can be read.
 */
export function requestIdOf(headers: IncomingHttpHeaders): string {
  const given = headers['x-request-id']
  if (typeof given === 'string' && GIVEN.test(given)) return given
  return readTraceparent(headers['traceparent'])?.traceId ?? newId()
}
