import type { IncomingHttpHeaders } from 'node:http'
import { newId } from '../shared/ids.ts'

/** Letters that cannot break out of a log line or a header, and not so many that they are a text. */
const GIVEN = /^[\w.:/+=@-]{1,100}$/
/** https://www.w3.org/TR/trace-context/#traceparent-header */
const TRACEPARENT = /^[\da-f]{2}-(?!0{32})([\da-f]{32})-(?!0{16})[\da-f]{16}-[\da-f]{2}$/

/**
 * The id of a request in logs and answers: the `x-request-id` that came with it, else the trace of its `traceparent`, so that what a proxy
 * wrote down is found here; a new one where neither can be read.
 */
export function requestIdOf(headers: IncomingHttpHeaders): string {
  const given = headers['x-request-id']
  if (typeof given === 'string' && GIVEN.test(given)) return given
  return TRACEPARENT.exec(String(headers['traceparent']))?.[1] ?? newId()
}
