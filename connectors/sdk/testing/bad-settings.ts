import { expect } from 'vitest'
import { z } from 'zod'
import type { Connector } from '../contract.ts'
import { readLayers } from '../layers.ts'

/** Settings with one fault. */
export interface BadSettings {
  readonly setting: string
  /** What is wrong, as the end of "when it is …". */
  readonly fault: string
  readonly config: Readonly<Record<string, unknown>>
}

/** What zod writes about a schema, as JSON Schema. */
interface Written {
  readonly format?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
}

/** Values of another kind, by the kind of a setting. Kinds that are not here take anything, or nothing can be told about them. */
const OTHER_KINDS: Readonly<Record<string, readonly unknown[]>> = {
  string: [7, {}],
  number: ['seven', {}],
  boolean: ['perhaps', {}],
  enum: ['no such choice', 7],
  object: ['text', 7],
  array: ['text', 7],
  record: ['text', 7],
}

const LONGEST_TRIED = 1_000_000

/** Good settings spoilt in every way that the schema speaks of: one missing, of another kind, or out of bounds. */
export function badSettings(connector: Connector, good: Readonly<Record<string, unknown>>): BadSettings[] {
  return Object.entries(connector.config.shape).flatMap(([setting, schema]) => {
    const layers = readLayers(schema)
    const { [setting]: _left, ...without } = good
    const isRequired = !layers.optional && !layers.nullable && layers.default === undefined
    return [
      ...(isRequired ? [{ setting, fault: 'missing', config: without }] : []),
      ...badValues(layers.core).map(({ fault, value }) => ({ setting, fault, config: { ...good, [setting]: value } })),
    ]
  })
}

function badValues(core: z.core.$ZodType): { fault: string; value: unknown }[] {
  const { type } = (core as z.core.$ZodTypes)._zod.def
  const { format, minimum, maximum, minLength = 0, maxLength } = z.toJSONSchema(core, { io: 'input', unrepresentable: 'any' }) as Written
  const values = (OTHER_KINDS[type] ?? []).map((value) => ({ fault: `of another kind (${JSON.stringify(value)})`, value }))
  if (minimum !== undefined && minimum > Number.MIN_SAFE_INTEGER) values.push({ fault: 'too small', value: minimum - 1 })
  if (maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER) values.push({ fault: 'too large', value: maximum + 1 })
  if (type !== 'string') return values
  if (format !== undefined) values.push({ fault: `not of the form ${format}`, value: 'no such form' })
  if (minLength > 0) values.push({ fault: 'too short', value: 'x'.repeat(minLength - 1) })
  if (maxLength !== undefined && maxLength < LONGEST_TRIED) values.push({ fault: 'too long', value: 'x'.repeat(maxLength + 1) })
  return values
}

/** Expects that each fault is noticed, and told of the setting that has it. */
export function expectRefusals(connector: Connector, good: Readonly<Record<string, unknown>>): void {
  for (const { setting, fault, config } of badSettings(connector, good)) {
    const parsed = connector.config.safeParse(config)
    const issue = parsed.error?.issues.find(({ path }) => path[0] === setting)
    expect(issue, `nothing is said about the setting ${setting} when it is ${fault}`).toBeDefined()
    expect(issue!.message.trim(), `the sentence about ${setting} when it is ${fault}`).not.toBe('')
  }
  const extra = connector.config.safeParse({ ...good, noSuchSetting: 1 })
  expect(Object.keys(extra.data ?? {}), 'settings that are let through').not.toContain('noSuchSetting')
}
