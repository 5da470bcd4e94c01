import { ConfigError, HandoverError, SourceError } from './errors.ts'
import type { FetchRequest, FetchResponse } from './http-fetch.ts'
import { asksToWait } from './http-retry.ts'
import { shownUrl } from './http-url.ts'

/** The error of ours that is at the bottom of another one; null when there is none. */
export function handoverError(error: unknown): HandoverError | null {
  for (let one = error; one instanceof Error; one = one.cause) if (one instanceof HandoverError) return one
  return null
}

/** What was asked, for messages. */
type Asked = Pick<FetchRequest, 'method' | 'url'>

/** What an answer with a bad status means, in plain words. The body is not shown, because it may repeat a secret. */
export function statusError(answer: FetchResponse, { method, url }: Asked): HandoverError {
  const detail = `${method} ${shownUrl(url)} answered ${answer.status} with ${answer.headers['content-type'] ?? 'an unknown type'}`
  const { status } = answer
  if (asksToWait(answer)) return busy(detail)
  if (status === 401)
    return new ConfigError('The source does not accept our key or password. Check them in the settings.', {
      code: 'SOURCE_UNAUTHORISED',
      detail,
    })
  if (status === 403)
    return new ConfigError('The source does not let us read this. The key may be wrong, or may not do this: check both.', {
      code: 'SOURCE_FORBIDDEN',
      detail,
    })
  if (status === 404)
    return new SourceError('The source has nothing at this address. Check the address in the settings.', {
      code: 'SOURCE_NOT_FOUND',
      detail,
    })
  if (status >= 500) return new SourceError(`The source has a problem of its own (status ${status}).`, { detail })
  return new SourceError(`The source refused the request (status ${status}).`, { detail })
}

const busy = (detail: string): SourceError =>
  new SourceError('The source asks us to come back later: too many requests.', { code: 'SOURCE_BUSY', detail })

/** What went wrong on the way to the source, in plain words. */
export function networkError({ method, url }: Asked, error: unknown): HandoverError {
  const code = codeOf(error)
  if (code === 'UND_ERR_INVALID_ARG') {
    return new ConfigError('A setting holds characters that cannot be sent to a source, such as a line break.', { cause: error })
  }
  const why: Readonly<Record<string, string>> = {
    ENOTFOUND: 'no server has that name',
    EAI_AGAIN: 'its name could not be looked up',
    ECONNREFUSED: 'nothing listens there',
    ECONNRESET: 'the connection broke',
    UND_ERR_SOCKET: 'the connection broke',
    UND_ERR_CONNECT_TIMEOUT: 'it did not answer in time',
    UND_ERR_HEADERS_TIMEOUT: 'it did not answer in time',
    UND_ERR_BODY_TIMEOUT: 'it stopped in the middle of its answer',
    TimeoutError: 'its answer took too long',
  }
  const detail = `${method} ${shownUrl(url)}: ${code}`
  return new SourceError(`The source at ${url.host} could not be reached: ${why[code] ?? 'the connection failed'}.`, {
    code: 'SOURCE_UNREACHABLE',
    detail,
    cause: error,
  })
}

/** The code of a network error; the name of others, because the code of a DOMException is only a number. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  const { code } = error as { code?: unknown }
  return typeof code === 'string' ? code : error.name
}
