import { createRequire } from 'node:module'
import { buffer } from 'node:stream/consumers'
import Paper from 'pdfkit'
import type { Block, FlowStep, PackDocument } from './document.ts'

type Pdf = PDFKit.PDFDocument

const require = createRequire(import.meta.url)
/** Letters of all of Europe, arrows and quotes: the built-in fonts of PDF have only those of the west. */
const FONTS = { text: 'DejaVuSans.ttf', bold: 'DejaVuSans-Bold.ttf', mono: 'DejaVuSansMono.ttf' } as const
const [INK, SOFT, ACCENT, RULE, GAP] = ['#182832', '#4c5c66', '#1f6685', '#dbe3e7', '#fff3d6']
const MARGIN = 50
const BOX = { height: 54, gap: 16 } as const

/** The same document on pages of A4, with their numbers. */
export async function packPdf({ title, subtitle, blocks, gaps }: PackDocument, madeAt: Date): Promise<Buffer> {
  const pdf = new Paper({
    ...{ size: 'A4', margin: MARGIN, bufferPages: true, lang: 'en', displayTitle: true },
    info: { Title: `${title}: ${subtitle}`, Creator: 'Handover', CreationDate: madeAt },
  })
  for (const [name, file] of Object.entries(FONTS)) pdf.registerFont(name, require.resolve(`dejavu-fonts-ttf/ttf/${file}`))
  const whole = buffer(pdf)
  pdf.font('bold').fontSize(22).fillColor(INK).text(title)
  pdf.font('text').fontSize(9).fillColor(SOFT).text(subtitle)
  if (gaps.length > 0) shaded(pdf, `Missing here, because nobody has written it down: ${gaps.length}. Each place is marked like this.`)
  for (const block of blocks) draw(pdf, block)
  number(pdf)
  pdf.end()
  return whole
}

function draw(pdf: Pdf, block: Block): void {
  switch (block.kind) {
    case 'heading':
      return title(pdf, block.level, block.text)
    case 'text':
      return block.tone === 'gap' ? shaded(pdf, block.text) : words(pdf, block.text)
    case 'list':
      for (const item of block.items) words(pdf, `•  ${item}`, 10)
      return
    case 'steps':
      for (const [index, { text, code }] of block.items.entries()) {
        words(pdf, `${index + 1}.  ${text}`, 10)
        if (code !== null)
          pdf
            .font('mono')
            .fontSize(8.5)
            .fillColor(ACCENT)
            .text(code, MARGIN + 26)
            .moveDown(0.3)
      }
      return
    case 'table':
      return table(pdf, block.head, block.rows)
    case 'flow':
      return flow(pdf, block.steps)
  }
}

function title(pdf: Pdf, level: 2 | 3, text: string): void {
  room(pdf, level === 2 ? 110 : 80)
  pdf.moveDown(level === 2 ? 1.4 : 0.8)
  pdf
    .font('bold')
    .fontSize(level === 2 ? 15 : 11.5)
    .fillColor(INK)
    .text(text, MARGIN)
    .moveDown(0.3)
}

const words = (pdf: Pdf, text: string, indent = 0): void =>
  void pdf
    .font('text')
    .fontSize(9.5)
    .fillColor(INK)
    .text(text, MARGIN + indent, undefined, { width: width(pdf) - indent })
    .moveDown(0.35)

function shaded(pdf: Pdf, text: string): void {
  pdf.font('text').fontSize(9)
  const inside = width(pdf) - 16
  const height = pdf.heightOfString(text, { width: inside }) + 10
  room(pdf, height)
  const top = pdf.y + 4
  pdf.rect(MARGIN, top, width(pdf), height).fill(GAP)
  pdf.fillColor(INK).text(text, MARGIN + 8, top + 5, { width: inside })
  pdf.y = top + height + 6
}

/** Columns are as wide as what stands in them asks for, within limits. */
function table(pdf: Pdf, head: readonly string[], rows: readonly (readonly string[])[]): void {
  room(pdf, 70)
  pdf.moveDown(0.3).font('text').fontSize(8).fillColor(INK)
  const longest = head.map((cell, index) => Math.min(60, Math.max(cell.length, ...rows.map((row) => row[index]?.length ?? 0), 12)))
  const all = longest.reduce((sum, each) => sum + each, 0)
  const columnStyles = longest.map((each) => (each / all) * width(pdf))
  const cell = (text: string, isHead: boolean) => ({ text, ...(isHead ? { textColor: SOFT, font: { src: 'bold' } } : {}) })
  const drawn = pdf.table({
    ...{ position: { x: MARGIN, y: pdf.y }, columnStyles },
    defaultStyle: { border: { bottom: 0.5 }, borderColor: RULE, padding: { top: 3, bottom: 3, left: 4, right: 4 }, textColor: INK },
  })
  drawn.row(head.map((each) => cell(each, true)))
  for (const row of rows) drawn.row(row.map((each) => cell(each, false)))
  drawn.end()
  pdf.x = MARGIN
  pdf.moveDown(0.6)
}

function flow(pdf: Pdf, steps: readonly FlowStep[]): void {
  room(pdf, BOX.height + 16)
  const top = pdf.y + 6
  const size = (width(pdf) - BOX.gap * (steps.length - 1)) / steps.length
  for (const [index, { title: name, figure, counts }] of steps.entries()) {
    const left = MARGIN + index * (size + BOX.gap)
    pdf.roundedRect(left, top, size, BOX.height, 4).lineWidth(1).stroke(ACCENT)
    pdf
      .font('bold')
      .fontSize(8)
      .fillColor(INK)
      .text(name, left + 6, top + 6, { width: size - 12, lineBreak: false })
    pdf
      .font('text')
      .fontSize(12)
      .text(figure ?? '', left + 6, top + 17, { width: size - 12, lineBreak: false })
    pdf
      .fontSize(6)
      .fillColor(SOFT)
      .text(counts, left + 6, top + 34, { width: size - 12, height: 16, ellipsis: true })
    if (index > 0) arrow(pdf, left - BOX.gap, left, top + BOX.height / 2)
  }
  pdf.x = MARGIN
  pdf.y = top + BOX.height + 8
}

function arrow(pdf: Pdf, from: number, to: number, y: number): void {
  pdf
    .moveTo(from + 2, y)
    .lineTo(to - 5, y)
    .lineWidth(1)
    .stroke(ACCENT)
  pdf
    .moveTo(to - 6, y - 3)
    .lineTo(to - 1, y)
    .lineTo(to - 6, y + 3)
    .fill(ACCENT)
}

/** Begins a new page where so many points are not left. */
function room(pdf: Pdf, height: number): void {
  if (pdf.y + height > pdf.page.height - MARGIN) pdf.addPage()
}

const width = (pdf: Pdf): number => pdf.page.width - 2 * MARGIN

function number(pdf: Pdf): void {
  const { start, count } = pdf.bufferedPageRange()
  for (let index = start; index < start + count; index++) {
    pdf.switchToPage(index)
    // Below the margin, where text would begin a new page.
    pdf.page.margins.bottom = 0
    pdf
      .font('text')
      .fontSize(8)
      .fillColor(SOFT)
      .text(`${index + 1} of ${count}`, MARGIN, pdf.page.height - 32, { width: width(pdf), align: 'right', lineBreak: false })
  }
}
