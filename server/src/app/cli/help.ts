import { COMMANDS, dashed, usageOf, type Command } from './commands.ts'

const EXIT_CODES = [
  ['0', 'fine'],
  ['1', 'what was asked for failed: a load did not succeed, the doctor found a fault, a connector or its source failed'],
  ['2', 'wrong use, a wrong setting, or no server that answers'],
] as const

/** What `handover help` says. */
export function generalHelp(): string {
  const width = Math.max(...COMMANDS.map(({ name }) => name.length))
  const lines = COMMANDS.map(({ name, about }) => `  ${name.padEnd(width)}  ${about.replaceAll('`', '')}`)
  return `handover <command>

${lines.join('\n')}

Each has --help; all that answer have --json. The server is looked for at HANDOVER_URL, else on this machine at HANDOVER_PORT.
Exit codes: ${EXIT_CODES.map(([code, means]) => `${code} ${means}`).join('; ')}.`
}

/** What `handover <command> --help` says. */
export function helpOf(command: Command): string {
  const width = Math.max(...command.options.map((option) => dashed(option).length))
  const options = command.options.map((option) => `  ${dashed(option).padEnd(width)}  ${option.about}`)
  const sentences = [command.about, ...command.details].map((sentence) => sentence.replaceAll('`', ''))
  return `${usageOf(command)}\n\n${sentences.join('\n')}\n\n${options.join('\n')}`
}

/** The page `docs/reference/cli.md`, made from the list of commands. */
export function cliPage(): string {
  const codes = EXIT_CODES.map(([code, means]) => `| ${code} | ${means} |`)
  return `# Command line

\`npx handover <command>\` in the folder of Handover. \`npx handover help\` lists the commands, \`npx handover <command> --help\` explains one.

\`sources\`, \`load\`, \`loads\`, \`export\`, \`pack\`, \`apply\`, \`prune\` and \`reload\` ask the running server through its API: at \`HANDOVER_URL\`, else on this machine at \`HANDOVER_PORT\`.
\`doctor\` and the \`connector\` commands look for themselves, so they work when nothing runs. [Settings](settings.md) are those of the server.
With \`--json\` the answer is JSON alone; sentences about what went wrong go to the error output. Colours and cut texts are for screens only.

| exit code | means |
| --- | --- |
${codes.join('\n')}

${COMMANDS.map(section).join('\n\n')}
`
}

function section(command: Command): string {
  const options = command.options.map((option) => `| \`${dashed(option)}\` | ${option.about} |`)
  return `## ${command.name}

\`${usageOf(command)}\`

${[command.about, ...command.details].join('\n')}

| option | what it does |
| --- | --- |
${options.join('\n')}`
}
