import { SaxesParser } from 'saxes'

/** What happens while XML is read; names come without their prefix. */
export interface XmlEvents {
  open?(name: string, attributes: Readonly<Record<string, string>>): void
  text?(text: string): void
  close?(name: string): void
}

/** Longer texts and deeper nesting than any table has; more of either would fill the memory. */
const LONGEST_TEXT = 8 * 1024 ** 2
const DEEPEST = 200

/** Reads XML piece by piece, in UTF-8. Entities of a document's own are not known and an error; yields after each piece. */
export async function* readXml(bytes: AsyncIterable<Uint8Array>, events: XmlEvents): AsyncGenerator<void> {
  const parser = new SaxesParser<{ xmlns: false; position: false }>({ xmlns: false, position: false })
  parser.on('error', (error) => {
    throw error
  })
  parser.on('doctype', () => {
    throw new Error('It declares a document type.')
  })
  let depth = 0
  let silent = 0
  parser.on('opentag', ({ name, attributes }) => {
    silent = 0
    if (++depth > DEEPEST) throw new Error('Its parts are nested too deep.')
    events.open?.(local(name), attributes)
  })
  parser.on('closetag', ({ name }) => {
    silent = 0
    depth--
    events.close?.(local(name))
  })
  if (events.text !== undefined) {
    parser.on('text', (text) => events.text!(text))
    parser.on('cdata', (text) => events.text!(text))
  }
  const decoder = new TextDecoder('utf-8', { fatal: true })
  for await (const chunk of bytes) {
    silent += chunk.byteLength
    parser.write(decoder.decode(chunk, { stream: true }))
    if (silent > LONGEST_TEXT) throw new Error('It holds a text without an end.')
    yield
  }
  parser.write(decoder.decode()).close()
}

const local = (name: string): string => name.slice(name.indexOf(':') + 1)
