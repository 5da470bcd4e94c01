import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { FormField } from '../../../catalog/catalog.service.ts'
import { CliError, type Call } from '../call.ts'

type Config = Record<string, unknown>

/** Settings from `--config` and `--set`, not checked yet; the latter wins. */
export async function givenSettings(call: Call, form: readonly FormField[]): Promise<Config> {
  const file = call.values.get('config')
  const config = file === undefined ? {} : await readConfig(resolve(call.cwd, file))
  for (const pair of call.lists.get('set') ?? []) {
    const at = pair.indexOf('=')
    if (at < 1) throw new CliError(`--set ${pair} says no value. Type it like: --set name=value`)
    const name = pair.slice(0, at)
    config[name] = valueOf(
      pair.slice(at + 1),
      form.find((field) => field.name === name),
    )
  }
  return config
}

async function readConfig(file: string): Promise<Config> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new CliError(`The settings ${file} cannot be read (${String((cause as { code?: unknown }).code)}).`, 2, { cause })
  })
  const config = jsonOf(text)
  if (typeof config === 'object' && config !== null && !Array.isArray(config)) return config as Config
  throw new CliError(`${file} must hold one JSON object with the settings, such as {"url": "https://shop.example"}.`)
}

/** A typed text as the kind of setting wants it; what does not fit stays text, and the check of the settings says so. */
function valueOf(text: string, field: FormField | undefined): unknown {
  if (field?.kind !== 'number' && field?.kind !== 'boolean' && field?.kind !== 'json') return text
  return jsonOf(text) ?? text
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What fixtures are played back with when a required setting is not given. */
export interface Completed {
  readonly config: Config
  /** Names of the settings that were made up. */
  readonly madeUp: ReadonlySet<string>
}

/** A secret that stands in for a real one in fixtures and where they are played back. */
export const madeUpSecret = (name: string): string => `made-up-${name}`

/**
 * Fills required settings for a run on fixtures: a secret may be anything there, and an address is the one that the first fixture answers
 * for. What cannot be told stays out.
 */
export function completeForFixtures(given: Config, form: readonly FormField[], firstUrl: string | undefined): Completed {
  const config = { ...given }
  const madeUp = new Set<string>()
  for (const { name, kind, required } of form) {
    if (!required || config[name] !== undefined) continue
    const isAddress = kind === 'text' && /url|address|host|base/i.test(name) && firstUrl !== undefined
    if (kind !== 'secret' && !isAddress) continue
    config[name] = kind === 'secret' ? madeUpSecret(name) : new URL(firstUrl!).origin
    madeUp.add(name)
  }
  return { config, madeUp }
}
