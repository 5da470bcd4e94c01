import { parseArgs } from 'node:util'
import { StartError } from '../../shared/errors.ts'
import { CliError, type Call } from './call.ts'
import { COMMANDS, dashed, type Command } from './commands.ts'
import { generalHelp, helpOf } from './help.ts'

/** What every command is run with, whatever was typed. */
export type Surroundings = Omit<Call, 'argument' | 'flags' | 'values'>

/** Runs what was typed after `handover`, and gives the exit code: 0 fine, 1 it failed, 2 wrong use or nobody to be reached. */
export async function runCli(typed: readonly string[], around: Surroundings): Promise<number> {
  const [name = 'help', ...rest] = typed
  try {
    if (['help', '--help', '-h'].includes(name)) return help(rest[0], around)
    const command = getCommand(name)
    const call = readCall(command, rest)
    if (call.flags.has('help')) return help(name, around)
    if (command.run === null) throw new CliError(`Type it as: npx handover ${name}`)
    return await command.run({ ...around, ...call })
  } catch (error) {
    if (!(error instanceof CliError || error instanceof StartError)) throw error
    around.terminal.error(error.message)
    return error instanceof CliError ? error.exitCode : 2
  }
}

function help(name: string | undefined, { terminal }: Surroundings): number {
  terminal.line(name === undefined ? generalHelp() : helpOf(getCommand(name)))
  return 0
}

function getCommand(name: string): Command {
  const command = COMMANDS.find((each) => each.name === name)
  if (command) return command
  throw new CliError(
    `There is no command "${name}". There are: ${COMMANDS.map((each) => each.name).join(', ')}. More with: npx handover help`,
  )
}

function readCall(command: Command, words: readonly string[]): Pick<Call, 'argument' | 'flags' | 'values'> {
  const { positionals, values } = parse(command, words)
  const flags = new Set(Object.keys(values).filter((name) => values[name] === true))
  const { argument } = command
  const most = argument === null ? 0 : 1
  if (positionals.length > most) throw wrongUse(command, `"${positionals[most]}" is one word too many.`)
  if (argument?.required && positionals.length === 0 && !flags.has('help')) throw wrongUse(command, `The ${argument.name} is missing.`)
  const texts = Object.entries(values).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  return { argument: positionals[0] ?? null, flags, values: new Map(texts) }
}

function parse(command: Command, words: readonly string[]): { positionals: string[]; values: Record<string, unknown> } {
  const options = command.options.map(({ name, value }) => [
    name,
    { type: value === null ? ('boolean' as const) : ('string' as const), ...(name === 'help' && { short: 'h' }) },
  ])
  try {
    return parseArgs({ args: [...words], options: Object.fromEntries(options), allowPositionals: true, strict: true })
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    const typed = /'(-[^' ]*)/.exec(message)?.[1] ?? ''
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION') throw wrongUse(command, `There is no option ${typed} here.`)
    if (code !== 'ERR_PARSE_ARGS_INVALID_OPTION_VALUE') throw error
    const option = command.options.find(({ name }) => message.includes(`--${name}`))
    throw wrongUse(command, option?.value ? `--${option.name} needs a value: ${dashed(option)}.` : `--${option?.name} takes no value.`)
  }
}

const wrongUse = ({ name }: Command, sentence: string): CliError => new CliError(`${sentence} How it is typed: npx handover ${name} --help`)
