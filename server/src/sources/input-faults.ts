import { ConfigError } from '../shared/errors.ts'

/** Does work on one part of an input; the faults of a `ConfigError` are then named by their place in the input: `config.url`, `schedule.every`. */
export async function under<T>(part: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ConfigError) || error.fields.length === 0) throw error
    const fields = error.fields.map(({ name, message }) => ({ name: name === '' || name === part ? part : `${part}.${name}`, message }))
    throw new ConfigError(error.message, { fields, code: error.code, cause: error, ...(error.detail !== null && { detail: error.detail }) })
  }
}
