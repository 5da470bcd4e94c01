import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { parseEnv } from 'node:util'
import { UnreachableError } from './api.ts'
import { CliError, type Call } from './call.ts'
import { readInstalled } from './sources-file/installed.ts'
import { planOf, type Step } from './sources-file/plan.ts'
import { FileFaults, readSources } from './sources-file/read.ts'
import { count } from './words.ts'

const CHECK = 'mutation ($input: CreateSource!) { checkSource(input: $input) }'
const CREATE = 'mutation ($input: CreateSource!) { createSource(input: $input) { slug } }'
const UPDATE = 'mutation ($slug: String!, $input: UpdateSource!) { updateSource(slug: $slug, input: $input) { slug } }'
const REMOVE = 'mutation ($slug: String!) { deleteSource(slug: $slug) }'
const WORD = 'remove'

/** `handover apply`: makes the sources of the running server what a file says. Nothing is done before all of it is known to be possible. */
export async function apply(call: Call): Promise<number> {
  const { terminal, flags } = call
  const wanted = read(await textOf(call, call.argument!), call.argument!)
  const secrets = await secretsOf(call)
  const installed = await readInstalled(call.api())
  const { steps, faults, missing } = planOf(wanted, installed, {
    secret: (name) => secrets[name] || undefined,
    renews: flags.has('renew-secrets'),
    prunes: flags.has('prune'),
  })
  if (faults.length > 0) throw new CliError(faults.join('\n'))
  if (missing.length > 0)
    throw new CliError(
      `${count(missing.length, 'secret is', 'secrets are')} not given: ${missing.join(', ')}. Set them as variables, or name a file with --secrets. Nothing was done.`,
    )
  const work = steps.filter(({ kind }) => kind !== 'same')
  await check(call, work)
  if (flags.has('json') && flags.has('dry-run')) terminal.json(steps.map(summary))
  else if (!flags.has('json')) for (const step of steps) terminal.line(line(step))
  if (flags.has('dry-run')) return 0
  await confirm(call, work)
  await run(call, work)
  if (flags.has('json')) terminal.json(steps.map(summary))
  else terminal.line(work.length === 0 ? 'There is nothing to change.' : `Done: ${count(work.length, 'source')}.`)
  return 0
}

function read(text: string, file: string) {
  try {
    return readSources(text)
  } catch (error) {
    if (!(error instanceof FileFaults)) throw error
    throw new CliError(`${file} cannot be applied:\n${error.faults.map((fault) => `  ${fault}`).join('\n')}`)
  }
}

async function textOf({ cwd }: Call, file: string): Promise<string> {
  if (file === '-') return text(process.stdin)
  return readFile(resolve(cwd, file), 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new CliError(`${file} cannot be read (${error.code}).`)
  })
}

/** Lines like `NAME=value` of the file of `--secrets`, before the environment. */
async function secretsOf(call: Call): Promise<Readonly<Record<string, string | undefined>>> {
  const file = call.values.get('secrets')
  return file === undefined ? call.env : { ...call.env, ...parseEnv(await textOf(call, file)) }
}

function line(step: Step): string {
  switch (step.kind) {
    case 'create':
      return `+ ${step.source.slug}: new, of the connector ${step.source.connector}`
    case 'change':
      return [`~ ${step.source.slug}`, ...step.changes.map((change) => `    ${change}`)].join('\n')
    case 'remove':
      return `- ${step.slug}: removed; its tables are kept`
    case 'same':
      return `= ${step.slug}`
  }
}

const summary = (step: Step) => ({
  action: step.kind,
  source: 'source' in step ? step.source.slug : step.slug,
  changes: step.kind === 'change' ? step.changes : [],
})

async function confirm({ flags, ask }: Call, work: readonly Step[]): Promise<void> {
  const removed = work.filter(({ kind }) => kind === 'remove').length
  if (removed === 0 || flags.has('yes')) return
  if (ask === null) throw new CliError('Nobody is here to be asked whether sources are to be removed. Look with --dry-run, then say --yes.')
  const answer = await ask(`Type "${WORD}" to remove ${count(removed, 'source')}: `)
  if (answer !== WORD) throw new CliError('Nothing was done.', 1)
}

/** Has the server look at all of it, so that nothing is done when something would be refused. */
async function check(call: Call, work: readonly Step[]): Promise<void> {
  const faults: string[] = []
  for (const step of work) {
    if (!('source' in step)) continue
    try {
      await call.api().ask(CHECK, { input: inputOf(step) })
    } catch (error) {
      if (!(error instanceof CliError) || error instanceof UnreachableError) throw error
      faults.push(`${step.source.slug}: ${error.message}`)
    }
  }
  if (faults.length > 0) throw new CliError(`${faults.join('\n')}\nNothing was done.`, 1)
}

function inputOf({ source, config }: Extract<Step, { readonly source: unknown }>) {
  const { slug, title, connector, schedule, paused } = source
  return { slug, title, connector, schedule, paused, config }
}

/** A source itself may still refuse what was fine until now. */
async function run(call: Call, work: readonly Step[]): Promise<void> {
  const done: string[] = []
  for (const step of work) {
    const slug = 'source' in step ? step.source.slug : step.slug
    try {
      await runStep(call, step)
    } catch (error) {
      if (!(error instanceof CliError)) throw error
      const before = done.length === 0 ? 'Nothing was done before.' : `Done before: ${done.join(', ')}. Run it again when it is mended.`
      throw new CliError(`${slug}: ${error.message} ${before}`, 1, { cause: error })
    }
    done.push(slug)
  }
}

async function runStep(call: Call, step: Step): Promise<void> {
  const api = call.api()
  if (step.kind === 'remove') await api.ask(REMOVE, { slug: step.slug })
  if (step.kind === 'change') await api.ask(UPDATE, { slug: step.source.slug, input: step.patch })
  if (step.kind === 'create') await api.ask(CREATE, { input: inputOf(step) })
}
