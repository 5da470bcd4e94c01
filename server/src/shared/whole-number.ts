import type { ValueTransformer } from 'typeorm'

/** Column transformer for BIGINT columns whose values stay below 2^53 (counts, sizes, part numbers): always a number in code. */
export const wholeNumber: ValueTransformer = {
  to: (value: number | null | undefined) => value,
  from: (value: number | string | bigint | null) => (value === null ? null : Number(value)),
}
