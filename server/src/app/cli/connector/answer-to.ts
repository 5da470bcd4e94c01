import { CliError, type Call } from '../call.ts'

/** What was typed as an option, else what the person answers, else the usual answer. */
export async function answerTo(call: Call, option: string, question: string, usual: string): Promise<string> {
  const given = call.values.get(option)
  if (given !== undefined) return given.trim()
  if (call.flags.has('yes')) return usual
  if (call.ask === null || call.flags.has('json'))
    throw new CliError(`Nobody can be asked here: ${question} Give --${option}, or --yes for "${usual}".`)
  return (await call.ask(`${question} [${usual}] `)) || usual
}
