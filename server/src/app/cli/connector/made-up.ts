import { createHash } from 'node:crypto'

const DAY_MS = 86_400_000
const DATED = /^(\d{4}-\d\d-\d\d)(?![\d-])/
const UUID = /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/i

/**
 * A made-up value of the same shape, always the same for the same value, so that what belonged together still does: letters stay letters,
 * digits digits, dates dates. Nothing of the value can be told from it but its shape.
 */
export function madeUp(value: string | number): string | number {
  const next = dice(String(value))
  if (typeof value === 'number') return numberLike(value, next)
  const dated = DATED.exec(value)
  if (dated !== null && !Number.isNaN(Date.parse(dated[1]!))) return dayBefore(dated[1]!, next) + value.slice(10)
  if (UUID.test(value)) return value.replace(/[\da-f]/gi, (digit, at: number) => (at === 14 || at === 19 ? digit : next(16).toString(16)))
  const link = /^(https?:\/\/[^/?#]+)(.*)$/is.exec(value)
  if (link !== null) return link[1]! + lettersLike(link[2]!, next)
  const mail = /^([^@\s]+)@([^@\s]+)$/.exec(value)
  // example.com is reserved, so no made-up address can be somebody's.
  if (mail !== null) return `${lettersLike(mail[1]!, next)}@example.com`
  return lettersLike(value, next)
}

/** One of the allowed values in the place of another. */
export function madeUpChoice(value: string, choices: readonly string[]): string {
  return choices[dice(value)(choices.length)]!
}

/** Gives numbers from 0 to below a limit, the same ones for the same seed. */
function dice(seed: string): (below: number) => number {
  let bytes = Buffer.alloc(0)
  let round = 0
  let at = 0
  return (below) => {
    if (at + 2 > bytes.length) {
      bytes = createHash('sha256').update(`made up ${round++} ${seed}`).digest()
      at = 0
    }
    at += 2
    return bytes.readUInt16BE(at - 2) % below
  }
}

type Dice = ReturnType<typeof dice>

function lettersLike(text: string, next: Dice): string {
  return text
    .replace(/\d/g, () => String(next(10)))
    .replace(/\p{L}\p{M}*/gu, (letter) => {
      const made = String.fromCharCode(97 + next(26))
      return letter === letter.toLowerCase() ? made : made.toUpperCase()
    })
}

/** Never larger than a number of as many digits whose first one is the same, so that limits of a column still hold. */
function numberLike(value: number, next: Dice): number {
  const text = String(value)
  if (!/^-?\d+(\.\d+)?$/.test(text)) return value
  let isFirst = true
  const digits = text.replace(/\d/g, (digit) => {
    const made = isFirst ? (Number(digit) === 0 ? 0 : 1 + next(Number(digit))) : next(10)
    isFirst = false
    return String(made)
  })
  return Number(digits)
}

const dayBefore = (day: string, next: Dice): string => new Date(Date.parse(day) - (1 + next(900)) * DAY_MS).toISOString().slice(0, 10)
