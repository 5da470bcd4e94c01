/** Parts of a second that times are counted in. */
export type Unit = 'MILLIS' | 'MICROS' | 'NANOS'

const DAY = 86_400_000
const PER_MILLISECOND = { MILLIS: 1, MICROS: 1000, NANOS: 1_000_000 } as const
const DIGITS = { MILLIS: 3, MICROS: 6, NANOS: 9 } as const
const LATEST = 8.64e15

/** A day counted from 1970 as `YYYY-MM-DD`. Days that no calendar of ours knows stay numbers, which no column of dates takes. */
export function dateText(days: number): string {
  const time = days * DAY
  return Math.abs(time) <= LATEST ? new Date(time).toISOString().replace(/T.*/, '') : String(days)
}

/** A point in time counted from 1970 as ISO text in UTC: with milliseconds, or with all its digits where it is finer. */
export function instantText(value: bigint | number, unit: Unit): string {
  const { milliseconds, rest } = split(value, unit)
  if (!(Math.abs(milliseconds) <= LATEST)) return String(value)
  const text = new Date(milliseconds).toISOString()
  return rest === 0 ? text : `${text.slice(0, -1)}${String(rest).padStart(DIGITS[unit] - 3, '0')}Z`
}

/** A time of day as `HH:MM:SS`, with the digits behind the second that it has. */
export function timeText(value: bigint | number, unit: Unit): string {
  const text = instantText(value, unit)
  const at = text.indexOf('T')
  return at === -1 ? text : text.slice(at + 1, -1).replace(/\.?0+$/, '')
}

function split(value: bigint | number, unit: Unit): { milliseconds: number; rest: number } {
  const per = PER_MILLISECOND[unit]
  if (per === 1) return { milliseconds: Number(value), rest: 0 }
  const number = Number(value)
  if (Number.isSafeInteger(number)) {
    const milliseconds = Math.floor(number / per)
    return { milliseconds, rest: number - milliseconds * per }
  }
  const rest = BigInt.asIntN(64, BigInt(value) % BigInt(per))
  const positive = rest < 0n ? rest + BigInt(per) : rest
  return { milliseconds: Number((BigInt(value) - positive) / BigInt(per)), rest: Number(positive) }
}

/** An exact decimal as text: a whole number, or its bytes (the highest first, with sign), with the point `scale` digits from the right. */
export function decimalText(value: number | bigint | Uint8Array, scale: number): string {
  const text = (value instanceof Uint8Array ? wholeOf(value) : value).toString()
  const sign = text.startsWith('-') ? '-' : ''
  const digits = text.slice(sign.length)
  if (scale <= 0) return `${sign}${digits}${digits === '0' ? '' : '0'.repeat(-scale)}`
  const padded = digits.padStart(scale + 1, '0')
  return `${sign}${padded.slice(0, -scale)}.${padded.slice(-scale)}`
}

const SAFE_BYTES = 6

function wholeOf(bytes: Uint8Array): bigint | number {
  if (bytes.length === 0) return 0
  if (bytes.length <= SAFE_BYTES) return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).readIntBE(0, bytes.length)
  return BigInt.asIntN(bytes.length * 8, BigInt(`0x${Buffer.from(bytes).toString('hex')}`))
}
