import type { Mistake } from './meaning.ts'

const SECRET_NAME =
  /^(?:(?:x-)?api-?_?key|apikey|appid|app_id|(?:access|auth|bearer|client|refresh|x-auth)?[-_]?(?:token|secret)|password|passwd|authorization|proxy-authorization|cookie)$/i
const INSTEAD = 'The definition can be read by everybody who sees the source: take it out here, write it into the field “Key or password”'

/** Secrets that were written into the text, where everybody can read them. What they are is not repeated. */
export function secretFaults(value: unknown, path: readonly PropertyKey[] = []): Mistake[] {
  if (typeof value === 'string') {
    if (path.join('.') === 'url' && hasUser(value))
      return [{ path, message: `holds a user name or password. ${INSTEAD}, and choose auth: { kind: basic, user: … }` }]
    return []
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  return Object.entries(value).flatMap(([name, part]) => {
    const at = [...path, name]
    if ((typeof part === 'string' || typeof part === 'number') && isSecret(name, String(part), path))
      return [{ path: at, isName: true, message: `This looks like a secret. ${INSTEAD}, and say under auth how it is sent` }]
    return secretFaults(part, at)
  })
}

/** Only where a value is sent as it stands here: a column may well be called token. */
function isSecret(name: string, value: string, path: readonly PropertyKey[]): boolean {
  const place = path.at(-1)
  if (place === 'auth' && /^(?:key|value|pass)/i.test(name)) return true
  return (
    (place === 'headers' || place === 'query' || place === 'auth' || path.length === 0) && SECRET_NAME.test(name) && !/^\{.*\}$/.test(value)
  )
}

const hasUser = (url: string): boolean => URL.canParse(url) && new URL(url).username + new URL(url).password !== ''
