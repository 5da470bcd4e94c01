import { createHash } from 'node:crypto'

/** A source as the file has it: what is to be, in words of a person. */
export interface DescribedSource {
  readonly slug: string
  readonly title: string
  readonly connector: string
  readonly schedule: ScheduleInput | null
  readonly paused: boolean
  /** Values of settings by name; a `SecretReference` stands for one that is given elsewhere. */
  readonly settings: Readonly<Record<string, unknown>>
}

/** A schedule as the API takes it. */
export type ScheduleInput = { readonly every: number } | { readonly cron: string; readonly timeZone: string }

/** Names where a secret is given: a variable of the environment, or a line of the file of `--secrets`. */
export class SecretReference {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }
}

/** A setting of a source. */
type Place = readonly [slug: string, setting: string]

/**
 * Gives each secret of these sources a name of its own: `web-shop` and `apiToken` make `WEB_SHOP_API_TOKEN`. Where two would share one (`a-b` and `c`, `a`
 * and `bC`), both carry a mark that is made of source and setting, so that neither is ever given the other's.
 */
export function secretNames(places: readonly Place[]): (slug: string, setting: string) => string {
  const plain = ([slug, setting]: Place) =>
    `${slug}_${setting.replaceAll(/([a-z\d])([A-Z])/g, '$1_$2')}`.replaceAll(/[^A-Za-z\d]+/g, '_').toUpperCase()
  return (...place) => {
    const name = plain(place)
    if (places.filter((each) => plain(each) === name).length < 2) return name
    return `${name}_${createHash('sha256').update(place.join('/')).digest('hex').slice(0, 6).toUpperCase()}`
  }
}

const UNITS = { day: 86_400, hour: 3600, minute: 60, second: 1 } as const

/** `120` as `2 minutes`. */
export function intervalText(seconds: number): string {
  const [unit, size] = Object.entries(UNITS).find(([, each]) => seconds % each === 0)!
  return seconds === size ? `1 ${unit}` : `${seconds / size} ${unit}s`
}

/** And back; null when it is not written like that. */
export function intervalSeconds(text: string): number | null {
  const [, number, unit] = /^(\d{1,9}) (second|minute|hour|day)s?$/.exec(text) ?? []
  return number === undefined ? null : Number(number) * UNITS[unit as keyof typeof UNITS]
}
