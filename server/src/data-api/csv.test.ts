import { expect, it } from 'vitest'
import { csvLine } from './csv.ts'

it('quotes what RFC 4180 wants quoted and ends lines as it says', () => {
  expect(csvLine(['plain', 'a,b', 'say "hi"', 'two\nlines', 'cr\r'])).toBe('plain,"a,b","say ""hi""","two\nlines","cr\r"\r\n')
})

it('tells a missing value from an empty text', () => {
  expect(csvLine([null, '', undefined])).toBe(',"",\r\n')
})

it('writes every text as it is, also one that a spreadsheet would run', () => {
  expect(csvLine(['=1+1', '@x', '-3', 12n, true])).toBe('=1+1,@x,-3,12,true\r\n')
})
