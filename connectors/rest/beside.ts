import { ConfigError, HandoverError } from '@handover/sdk'

/** Where the settings are at fault when a request fails with one of these codes, and what to look at. */
const PLACES: Readonly<Record<string, (stream: string | null) => string>> = {
  SOURCE_UNAUTHORISED: () => 'secret',
  SOURCE_FORBIDDEN: (stream) => path(stream),
  SOURCE_NOT_FOUND: (stream) => path(stream),
  SOURCE_NOT_JSON: (stream) => path(stream),
  SOURCE_REDIRECT: () => 'definition.url',
  ADDRESS_PRIVATE: () => 'definition.url',
  ADDRESS_INVALID: () => 'definition.url',
}
/** Only a fault of the settings when somebody has just typed them: a source may be away for an hour. */
const WHEN_TESTED: typeof PLACES = { SOURCE_UNREACHABLE: () => 'definition.url', SOURCE_FAILED: (stream) => path(stream) }

const path = (stream: string | null): string => (stream === null ? 'definition.url' : `definition.streams.${stream}.path`)

/** Does work for a stream; an error that a change of the settings mends then names the setting, so that it stands beside its field. */
export async function beside<T>(stream: string | null, isTest: boolean, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof HandoverError) || (error instanceof ConfigError && error.fields.length > 0)) throw error
    const place = PLACES[error.code] ?? (isTest ? WHEN_TESTED[error.code] : undefined)
    if (place === undefined) throw error
    const message = worded(error)
    throw new ConfigError(message, {
      code: error.code,
      fields: [{ name: place(stream), message }],
      cause: error,
      ...(error.detail !== null && { detail: error.detail }),
    })
  }
}

/** Where the usual sentence cannot know what is to be mended here. */
function worded({ code, message, detail }: HandoverError): string {
  const address = /^\w+ (\S+)/.exec(detail ?? '')?.[1]
  if (code === 'SOURCE_NOT_FOUND' && address !== undefined)
    return `The API has nothing at ${address}. Check the path, and the address of the API in front of it.`
  if (code === 'SOURCE_UNAUTHORISED')
    return 'The API does not accept the key or password, or wants it in another way. Check it, and what stands under auth.'
  return message
}
