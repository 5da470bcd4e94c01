import { parseArgs } from 'node:util'
import { StartError } from '../../shared/errors.ts'
import { CliError, type Call } from './call.ts'
import { COMMANDS, dashed, type Command } from './commands.ts'
import { generalHelp, helpOf } from './help.ts'

/** What of a call was typed. */
type Typed = Pick<Call, 'argument' | 'flags' | 'values' | 'lists'>

/** What every command is run with, whatever was typed. */
export type Surroundings = Omit<Call, keyof Typed>

/** Runs what was typed after `handover`, and gives the exit code: 0 fine, 1 it failed, 2 wrong use or nobody to be reached. */
export async function runCli(typed: readonly string[], around: Surroundings): Promise<number> {
  const [first = 'help', ...others] = typed
  try {
    if (['help', '--help', '-h'].includes(first)) return help(others, around)
    const command = getCommand(typed)
    const call = readCall(command, typed.slice(command.name.split(' ').length))
    if (call.flags.has('help')) return help([command.name], around)
    if (command.run === null) throw new CliError(`Type it as: npx handover ${command.name}`)
    return await command.run({ ...around, ...call })
  } catch (error) {
    if (!(error instanceof CliError || error instanceof StartError)) throw error
    around.terminal.error(error.message)
    return error instanceof CliError ? error.exitCode : 2
  }
}

function help(words: readonly string[], { terminal }: Surroundings): number {
  terminal.line(words.length === 0 ? generalHelp() : helpOf(getCommand(words)))
  return 0
}

/** The command that the words begin with. */
function getCommand(words: readonly string[]): Command {
  const typed = `${words.join(' ')} `
  const command = COMMANDS.find(({ name }) => typed.startsWith(`${name} `))
  if (command) return command
  const family = COMMANDS.filter(({ name }) => name.startsWith(`${words[0]} `))
  const asked = family.length > 0 ? words.slice(0, 2).join(' ') : words[0]
  const names = (family.length > 0 ? family : COMMANDS).map(({ name }) => name)
  throw new CliError(`There is no command "${asked}". There are: ${names.join(', ')}. More with: npx handover help`)
}

function readCall(command: Command, words: readonly string[]): Typed {
  const { positionals, values } = parse(command, words)
  const flags = new Set(Object.keys(values).filter((name) => values[name] === true))
  const { argument } = command
  const most = argument === null ? 0 : 1
  if (positionals.length > most) throw wrongUse(command, `"${positionals[most]}" is one word too many.`)
  if (argument?.required && positionals.length === 0 && !flags.has('help')) throw wrongUse(command, `The ${argument.name} is missing.`)
  const entries = Object.entries(values)
  const texts = entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string')
  const lists = entries.filter((entry): entry is [string, string[]] => Array.isArray(entry[1]))
  return { argument: positionals[0] ?? null, flags, values: new Map(texts), lists: new Map(lists) }
}

function parse(command: Command, words: readonly string[]): { positionals: string[]; values: Record<string, unknown> } {
  const options = command.options.map(({ name, value, many = false }) => [
    name,
    { type: value === null ? ('boolean' as const) : ('string' as const), multiple: many, ...(name === 'help' && { short: 'h' }) },
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
