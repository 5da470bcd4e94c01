import { describe, expect, it } from 'vitest'
import { cellsOf, csvCutter, sniffDelimiter } from './csv.ts'

/** Cuts text as a file that ends with it. */
function records(text: string, delimiter = ',') {
  const cutter = csvCutter(delimiter)
  const found: { text: string; lines: number; problem: boolean }[] = []
  for (let at = 0; at < text.length;) {
    const cut = cutter(text, at, true)!
    found.push({ text: text.slice(at, cut.end), lines: cut.lines, problem: cut.problem !== null })
    at = cut.next
  }
  return found
}

const cells = (text: string): (string | null)[][] => records(text).map((record) => cellsOf(record.text, ','))

describe('CSV', () => {
  it.each<[string, string, (string | null)[][]]>([
    ['plain cells', 'a,b\nc,d\n', [['a', 'b'], ['c', 'd']]], // prettier-ignore
    ['CR LF and no line end at the end', 'a,b\r\nc,d', [['a', 'b'], ['c', 'd']]], // prettier-ignore
    ['empty cells, and quoted empty ones', ',"",\n', [[null, '', null]]],
    ['delimiters, quotes and line ends inside quotes', '"a,b","say ""hi""","1\r\n2"\nx,y,z\n', [['a,b', 'say "hi"', '1\r\n2'], ['x', 'y', 'z']]], // prettier-ignore
    ['quotes that are nothing but doubled ones', '"""","""a"""\n', [['"', '"a"']]],
    ['a quote in the middle of a cell', '5" pipe,x\n', [['5" pipe', 'x']]],
    ['a quoted cell at the very end', 'a,"b"', [['a', 'b']]],
    ['a quoted cell, then CR at the very end', 'a,"b"\r', [['a', 'b']]],
  ])('reads %s', (_what, text, expected) => {
    expect(records(text).some((record) => record.problem)).toBe(false)
    expect(cells(text)).toEqual(expected)
  })

  it.each([
    ['text behind a closing quote', 'a,"b"x\nc,d\n'],
    ['a quote that is never closed', 'a,"bx\nc,d\n'],
  ])('gives up only the line with %s', (_what, text) => {
    const found = records(text)
    expect(found.map((record) => record.problem)).toEqual([true, false])
    expect(found[0]!.text).toBe(text.split('\n')[0])
    expect(found[1]!.text).toBe('c,d')
  })

  it('counts the lines that a record takes', () => {
    expect(records('a,"1\n2\n3"\nb,c\n').map((record) => record.lines)).toEqual([3, 1])
  })

  it('waits for more wherever a record is cut through', () => {
    const whole = '"a ""q"" b",c,"d\r\ne"\r\nnext'
    const end = whole.indexOf('next')
    for (let length = 0; length < end; length++)
      expect(csvCutter(',')(whole.slice(0, length), 0, false), `after ${length} characters`).toBeNull()
    expect(csvCutter(',')(whole.slice(0, end + 1), 0, false)).toMatchObject({ next: end, lines: 2, problem: null })
  })

  it.each([
    [';', 'a;b;c\n1,5;2,5;3,5\n'],
    ['\t', 'a\tb\nx, y\tz\n'],
    ['|', 'a|b|c\n1|2|3\n'],
    [',', 'name,note\n"x;y;z","1;2"\nq,r\n'],
    [',', 'alone\n1\n'],
  ])('finds the delimiter %j', (delimiter, text) => {
    expect(sniffDelimiter(Buffer.from(text), true)).toBe(delimiter)
  })
})
