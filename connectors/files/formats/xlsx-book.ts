import { posix } from 'node:path'
import { FileFault } from './file-fault.ts'
import { builtInStyle, styleOfCode, type DateStyle } from './xlsx-dates.ts'
import type { Parts } from './xlsx-parts.ts'
import { readXml, type XmlEvents } from './xml.ts'

/** The most that texts kept beside the cells, and descriptions, may hold: they are held in memory. */
const LARGEST_TEXTS = 256 * 1024 ** 2
const LARGEST_DESCRIPTION = 16 * 1024 ** 2

/** What is needed to read the cells of one sheet. */
export interface Book {
  /** Name of the sheet's part. */
  readonly sheet: string
  readonly is1904: boolean
  /** Texts that cells point to. */
  readonly texts: readonly string[]
  /** What the styles of cells make of their numbers. */
  readonly styles: readonly DateStyle[]
}

/** Opens the sheet of that name, or the first one that is not hidden. Throws a `FileFault`. */
export async function openBook(parts: Parts, wanted: string): Promise<Book> {
  const start = (await relations(parts, '')).find(({ type }) => type === 'officeDocument')
  if (start === undefined || !parts.has(start.target))
    throw new FileFault('This is a zip archive and no workbook. Archives are not opened: unpack it, and put the files themselves there.')
  const { sheets, is1904 } = await readWorkbook(parts, start.target)
  const related = await relations(parts, start.target)
  const part = (type: string): string => related.find((one) => one.type === type)?.target ?? ''
  const readable = sheets.flatMap((sheet) => {
    const found = related.find(({ id, type }) => id === sheet.id && type === 'worksheet')
    return found === undefined ? [] : [{ ...sheet, part: found.target }]
  })
  const sheet = wanted === '' ? (readable.find(({ isHidden }) => !isHidden) ?? readable[0]) : readable.find(({ name }) => name === wanted)
  if (sheet === undefined)
    throw new FileFault(
      noSheet(
        wanted,
        readable.map(({ name }) => name),
      ),
      'sheet',
    )
  return {
    sheet: sheet.part,
    is1904,
    texts: await readTexts(parts, part('sharedStrings')),
    styles: await readStyles(parts, part('styles')),
  }
}

const noSheet = (wanted: string, names: readonly string[]): string =>
  names.length === 0 ? 'This workbook has no sheet.' : `There is no sheet "${wanted}" in this workbook. It has: ${names.join(', ')}.`

async function readPart(parts: Parts, name: string, most: number, events: XmlEvents): Promise<void> {
  for await (const _ of readXml(parts.bytes(name, most), events));
}

interface Relation {
  readonly id: string
  /** The last word of its address. */
  readonly type: string
  readonly target: string
}

/** What a part of the workbook points to; `name` is empty for the workbook as a whole. */
async function relations(parts: Parts, name: string): Promise<Relation[]> {
  const found: Relation[] = []
  const from = posix.join(posix.dirname(name), '_rels', `${posix.basename(name)}.rels`)
  if (!parts.has(from)) return found
  await readPart(parts, from, LARGEST_DESCRIPTION, {
    open(tag, { Id = '', Type = '', Target = '' }) {
      const target = Target.startsWith('/') ? Target.slice(1) : posix.join(posix.dirname(name), Target)
      if (tag === 'Relationship') found.push({ id: Id, type: posix.basename(Type), target })
    },
  })
  return found
}

async function readWorkbook(parts: Parts, name: string) {
  const sheets: { readonly name: string; readonly id: string; readonly isHidden: boolean }[] = []
  let is1904 = false
  await readPart(parts, name, LARGEST_DESCRIPTION, {
    open(tag, attributes) {
      if (tag === 'workbookPr') is1904 = ['1', 'true'].includes(attributes['date1904'] ?? '')
      if (tag !== 'sheet') return
      const id = Object.entries(attributes).find(([key]) => key.endsWith(':id'))?.[1] ?? ''
      sheets.push({ name: attributes['name'] ?? '', id, isHidden: (attributes['state'] ?? 'visible') !== 'visible' })
    },
  })
  return { sheets, is1904 }
}

async function readTexts(parts: Parts, name: string): Promise<string[]> {
  const texts: string[] = []
  if (!parts.has(name)) return texts
  let text = ''
  let isText = false
  let depth = 0
  await readPart(parts, name, LARGEST_TEXTS, {
    open(tag) {
      if (tag === 'si') text = ''
      // How the text is spoken is not part of it.
      if (tag === 'rPh') depth++
      isText = tag === 't' && depth === 0
    },
    text(part) {
      if (isText) text += part
    },
    close(tag) {
      isText = false
      if (tag === 'rPh') depth--
      if (tag === 'si') texts.push(plainText(text))
    },
  })
  return texts
}

/** Characters that XML cannot carry are written as `_x000D_`. */
export const plainText = (text: string): string =>
  text.includes('_x') ? text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))) : text

async function readStyles(parts: Parts, name: string): Promise<DateStyle[]> {
  const codes = new Map<number, string>()
  const styles: DateStyle[] = []
  let isOfCells = false
  if (!parts.has(name)) return styles
  await readPart(parts, name, LARGEST_DESCRIPTION, {
    open(tag, { numFmtId = '0', formatCode = '' }) {
      if (tag === 'numFmt') codes.set(Number(numFmtId), formatCode)
      if (tag === 'cellXfs') isOfCells = true
      if (tag === 'xf' && isOfCells) {
        const code = codes.get(Number(numFmtId))
        styles.push(code === undefined ? builtInStyle(Number(numFmtId)) : styleOfCode(code))
      }
    },
    close(tag) {
      if (tag === 'cellXfs') isOfCells = false
    },
  })
  return styles
}
