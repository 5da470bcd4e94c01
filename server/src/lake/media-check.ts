import type { Media } from '@handover/sdk'
import { RecordError } from '../shared/errors.ts'

/** Largest picture that is kept. */
export const mostMediaBytes = 5 * 1024 * 1024

const startsWith = (bytes: Uint8Array, text: string, at = 0): boolean =>
  Buffer.from(bytes.subarray(at, at + text.length)).toString('latin1') === text

/** How each allowed type begins, so that a wrong label is found before a browser meets it. */
const looksLike: Readonly<Record<string, (bytes: Uint8Array) => boolean>> = {
  'image/png': (bytes) => startsWith(bytes, '\x89PNG\r\n\x1a\n'),
  'image/jpeg': (bytes) => startsWith(bytes, '\xff\xd8\xff'),
  'image/webp': (bytes) => startsWith(bytes, 'RIFF') && startsWith(bytes, 'WEBP', 8),
  'image/svg+xml': isHarmlessSvg,
}

/** What makes a drawing act: scripts, handlers, foreign content, entities, and references that are not within the drawing itself. */
const active = /<(?:[\w-]+:)?(?:script|foreignObject|iframe|object|embed|handler)\b|<!ENTITY|[\s"'/]on\w+\s*=|javascript:|&#/i

function isHarmlessSvg(bytes: Uint8Array): boolean {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return /<svg[\s>]/.test(text) && !active.test(text)
  } catch {
    return false
  }
}

/** Refuses with a `RecordError` what cannot safely be shown as a picture: too large, another type, mislabelled, or a drawing with script. */
export function checkMedia(key: string, media: Media): void {
  const refuse = (why: string): never => {
    throw new RecordError(`The picture "${key}" is not kept: ${why}.`)
  }
  const fits = looksLike[media.type]
  if (!fits) refuse(`its type ${media.type} is not one of ${Object.keys(looksLike).join(', ')}`)
  if (media.bytes.length > mostMediaBytes) refuse(`it has ${media.bytes.length} bytes, and 5 MB is the most`)
  if (!fits!(media.bytes))
    refuse(media.type === 'image/svg+xml' ? 'it is no plain SVG drawing without script' : `its bytes are not ${media.type}`)
}
