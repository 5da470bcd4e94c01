/** Letters that do not come apart into a plain one and a mark. */
const OTHER_LETTERS: Readonly<Record<string, string>> = { æ: 'ae', ø: 'o', ß: 'ss', đ: 'd', ł: 'l', þ: 'th', ð: 'd' }
const LONGEST = 40

/** A name for a table or column, made of what people call it: `Folkmängd, 31 dec` becomes `folkmangd31Dec`. Taken names get a number. */
export function freeName(text: string, taken: Set<string>): string {
  const plain = text
    .toLowerCase()
    .replace(/[æøßđłþð]/g, (letter) => OTHER_LETTERS[letter]!)
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
  const joined = (plain.match(/[a-z0-9]+/g) ?? ['value']).map((word, index) => (index === 0 ? word : capital(word))).join('')
  const name = (/^\d/.test(joined) ? `n${joined}` : joined).slice(0, LONGEST)
  let free = name
  for (let count = 2; taken.has(free.toLowerCase()); count++) free = `${name}${count}`
  taken.add(free.toLowerCase())
  return free
}

/** The text with a capital in front. */
export const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
