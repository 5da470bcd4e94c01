/** A whole number; beyond 53 bits it comes as a text. */
export type Whole = number | string

/** A whole number as a person reads it: "1,234". */
export const number = (value: Whole): string => BigInt(value).toLocaleString('en')

/** A number of things: "1 row", "2 rows". */
export const count = (value: Whole, one: string, many = `${one}s`): string => `${number(value)} ${BigInt(value) === 1n ? one : many}`
