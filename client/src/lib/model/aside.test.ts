import { describe, expect, it } from 'vitest'
import { glimpse, markedRaw, reasonTitle } from './aside.ts'

describe('the heading of a reason', () => {
  it.each([
    [
      { code: 'ROW_INVALID', column: 'weight', example: 'weight must be a number, not text.' },
      'Weight of it',
      'Weight of it must be a number, not text',
    ],
    [{ code: 'ROW_INVALID', column: 'weight', example: 'weight must be a number.' }, null, 'Weight must be a number'],
    [{ code: 'ROW_INVALID', column: 'id', example: 'id: too small; name: too long.' }, 'Number', 'Number does not fit'],
    [{ code: 'ROW_INVALID', column: 'kind', example: `kind must be one of ${'word, '.repeat(20)}.` }, 'Kind', 'Kind does not fit'],
    [
      { code: 'ROW_INVALID', column: 'kg', example: 'kg: Invalid input: expected number, received string.' },
      'Weight',
      'Weight must be a number, not text',
    ],
    [
      { code: 'ROW_INVALID', column: 'kg', example: 'kg: Invalid input: expected number, received undefined.' },
      'Weight',
      'Weight is missing',
    ],
    [
      { code: 'ROW_INVALID', column: 'kg', example: 'kg: Too big: expected string to have <=9 characters.' },
      'Weight',
      'Weight does not fit',
    ],
    [{ code: 'ROW_INVALID', column: null, example: 'The connector made text.' }, null, 'The row does not fit'],
    [{ code: 'RECORD_UNREADABLE', column: null, example: 'It is cut off.' }, null, 'The record cannot be read'],
  ])('is %o', (reason, title, heading) => {
    expect(reasonTitle(reason, title)).toBe(heading)
  })
})

describe('raw text', () => {
  const marked = (raw: string, column: string | null) =>
    markedRaw(raw, column)
      .map(({ text, marked: yes }) => (yes ? `«${text}»` : text))
      .join('')

  it('marks the field of the column, whatever way its name is written', () => {
    expect(marked('{"id":1,"horizontal_error":58.270}', 'horizontalError')).toBe('{\n  "id": 1,\n  «"horizontal_error": 58.270»\n}')
    expect(marked('{"a":{"Name":"say \\"hi\\", Bo"}}', 'name')).toContain('«"Name": "say \\"hi\\", Bo"»')
  })

  it('marks nothing where there is no such field, and loses nothing', () => {
    expect(marked('{"id":1}', 'weight')).toBe('{\n  "id": 1\n}')
    expect(marked('a;b;c', 'b')).toBe('a;b;c')
    expect(marked('', null)).toBe('')
  })

  it('is shown in one line, cut where it is long', () => {
    expect(glimpse('{"a":\n  1}')).toBe('{"a": 1}')
    expect(glimpse('x'.repeat(100), 10)).toBe(`${'x'.repeat(10)}…`)
  })
})
