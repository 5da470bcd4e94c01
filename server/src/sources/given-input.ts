import type { GivenConfig } from '../catalog/catalog.service.ts'
import type { Schedule } from '../schedule/schedule.service.ts'
import { ConfigError } from '../shared/errors.ts'
import type { NewSource } from './source-input.ts'
import type { CreateSourceInput, ScheduleInput } from './source.types.ts'

/** Settings out of the JSON of a request; throws a `ConfigError` for anything but an object. */
export function settingsOf(config: unknown): GivenConfig {
  if (typeof config === 'object' && config !== null && !Array.isArray(config)) return config as GivenConfig
  throw new ConfigError('The settings must be an object: the name of each setting and its value.')
}

/** The schedule with only the parts that were given; what they are worth is checked where schedules are known. */
export function scheduleOf(input: ScheduleInput | null | undefined): Schedule {
  if (!input) return null
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value != null)) as unknown as Schedule
}

/** A source to be made, as it was asked for. */
export function newSourceOf({ slug, title, connector, config, schedule, paused }: CreateSourceInput): NewSource {
  return { slug, title, connector, config: settingsOf(config), schedule: scheduleOf(schedule), paused: paused === true }
}
