import { expect, it } from 'vitest'
import { tidy } from './raw-text.ts'

it('lays JSON out in lines and keeps every digit and escape', () => {
  const text = '{"id":12345678901234567890,"n":1.10,"name":"a \\"b\\" {c, d}: [e]","list":[1,{"x":null}],"none":{},"empty":[ ]}'
  expect(tidy(text)).toBe(
    [
      '{',
      '  "id": 12345678901234567890,',
      '  "n": 1.10,',
      '  "name": "a \\"b\\" {c, d}: [e]",',
      '  "list": [',
      '    1,',
      '    {',
      '      "x": null',
      '    }',
      '  ],',
      '  "none": {},',
      '  "empty": []',
      '}',
    ].join('\n'),
  )
})

it('leaves other text as it is', () => expect(tidy('a,b\n1,"{x}"')).toBe('a,b\n1,"{x}"'))

it('shows broken JSON without losing a letter', () => expect(tidy('{"id":"us7","place').replace(/\s/g, '')).toBe('{"id":"us7","place'))
