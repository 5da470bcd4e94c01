import { PassThrough } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it, vi } from 'vitest'
import { printTable } from './table.ts'
import { cut, plain, Terminal, widthOf, type Screen } from './terminal.ts'
import { bytes, fromNow, lengthOfTime, number } from './words.ts'

/** A stream that says of itself what a screen says, and what was written to it. */
function screen(columns: number | null): { terminal: Terminal; written(): string } {
  const stream = new PassThrough()
  const isTTY = columns !== null
  const out: Screen = Object.assign(stream, { isTTY, ...(isTTY && { columns, getColorDepth: () => (process.env['NO_COLOR'] ? 1 : 8) }) })
  return { terminal: new Terminal(out, out), written: () => String(stream.read() ?? '') }
}

const columns = [
  { title: 'NAME' },
  { title: 'ROWS', right: true },
  { title: 'WHY', spare: true },
  { title: 'TEXT', long: true },
  { title: 'NONE' },
]
const rows = [
  [{ text: 'Ärzte 東京', tone: 'good' as const }, '1,234', 'asked', 'A text that goes on and on.', ''],
  ['b', '7', 'planned by itself', 'Short.', ''],
]

describe('a table', () => {
  it('is aligned, whole and without colours where there is no screen; a column without texts is left out', () => {
    const { terminal, written } = screen(null)
    printTable(terminal, columns, rows)
    expect(written()).toBe(
      'NAME         ROWS  WHY                TEXT\n' +
        'Ärzte 東京  1,234  asked              A text that goes on and on.\n' +
        'b               7  planned by itself  Short.\n',
    )
  })

  it('cuts the long column on a narrow screen, and then leaves out what can be spared', () => {
    const wide = screen(58)
    printTable(wide.terminal, columns, rows)
    const lines = stripVTControlCharacters(wide.written()).split('\n')
    expect(lines[1]).toBe('Ärzte 東京  1,234  asked              A text that goes on…')
    const narrow = screen(40)
    printTable(narrow.terminal, columns, rows)
    const shorter = stripVTControlCharacters(narrow.written()).split('\n')
    expect(shorter[1]).toBe('Ärzte 東京  1,234  A text that goes on…')
    expect(shorter.every((line) => widthOf(line) <= 40)).toBe(true)
  })
})

describe('the terminal', () => {
  it('colours on a screen only, and not where NO_COLOR is set', () => {
    vi.stubEnv('FORCE_COLOR', undefined)
    vi.stubEnv('NO_COLOR', undefined)
    expect(screen(80).terminal.tone('bad', 'x')).toBe('\u001b[31mx\u001b[39m')
    expect(screen(null).terminal.tone('bad', 'x')).toBe('x')
    vi.stubEnv('NO_COLOR', '1')
    expect(screen(80).terminal.tone('bad', 'x')).toBe('x')
    vi.unstubAllEnvs()
  })

  it('shows progress in one line, on a screen only', () => {
    const { terminal, written } = screen(40)
    terminal.progress('x'.repeat(50))
    expect(written()).toBe(`\r\u001b[K${'x'.repeat(38)}…`)
    const file = screen(null)
    file.terminal.progress('x')
    expect(file.written()).toBe('')
  })

  it('wraps on a screen only', () => {
    expect(screen(40).terminal.wrapped('one two three four five six seven', 20)).toBe(`one two three four\n${' '.repeat(20)}five six seven`)
    expect(screen(null).terminal.wrapped('one two three four five six seven', 20)).toBe('one two three four five six seven')
  })

  it('takes out what would steer a screen', () => {
    expect(plain('a\u001b[2Jb\r\nc\u202ed')).toBe('a [2Jb c d')
    expect(cut('東京東京', 5)).toBe('東京…')
  })
})

describe('words', () => {
  it('say numbers, sizes and times as people do', () => {
    expect([number('9007199254740993'), bytes(999), bytes(1), bytes(1_234_567), bytes(82_000_000_000)]).toEqual([
      ...['9,007,199,254,740,993', '999 bytes', '1 byte', '1.2 MB', '82 GB'],
    ])
    const now = new Date('2026-03-01T12:00:00.000Z')
    expect([fromNow('2026-03-01T11:58:30.000Z', now), fromNow('2026-03-03T12:00:00.000Z', now), fromNow(null, now)]).toEqual([
      ...['1 minute ago', 'in 2 days', '–'],
    ])
    expect(lengthOfTime(999)).toBe('under a second')
  })
})
