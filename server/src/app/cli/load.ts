import type { Api } from './api.ts'
import { CliError, INTERRUPTED, type Call } from './call.ts'
import { follow } from './follow.ts'
import { BALANCE_FIELDS, LOAD_FIELDS, loadSentences, printBalance, type Balance, type Load } from './load-text.ts'
import { plain } from './terminal.ts'

/** `handover load <slug>`: asks for a load and follows it. */
export async function load(call: Call): Promise<number> {
  const api = call.api()
  const slug = call.argument!
  const before = await lastLoad(api, slug)
  const { loadNow } = await api.ask<{ loadNow: Load }>(`mutation ($slug: String!) { loadNow(source: $slug) { ${LOAD_FIELDS} } }`, { slug })
  const isShown = !call.flags.has('json')
  const begun = loadNow.id === before ? 'is there already' : 'was asked for'
  if (call.flags.has('no-wait')) {
    if (isShown) call.terminal.line(`The load ${loadNow.id} of ${slug} ${begun}. See how it goes: npx handover loads ${loadNow.id}`)
    else call.terminal.json(loadNow)
    return 0
  }
  if (isShown) call.terminal.line(`The load ${loadNow.id} of ${slug} ${begun}. Ctrl-C stops following it, not the load.`)
  const ended = await follow(call, api, loadNow)
  if (ended === null) {
    call.terminal.error(`No longer followed; the load goes on. See how it went: npx handover loads ${loadNow.id}`)
    return INTERRUPTED
  }
  return report(call, await withBalance(api, ended))
}

/** The id of the last load of the source; null when there was none. */
async function lastLoad(api: Api, slug: string): Promise<string | null> {
  const query = 'query ($slug: String!) { source(slug: $slug) { lastLoad { id } } sources { slug } }'
  const { source, sources } = await api.ask<{ source: { lastLoad: { id: string } | null } | null; sources: { slug: string }[] }>(query, {
    slug,
  })
  if (source === null) throw noSource(slug, sources)
  return source.lastLoad?.id ?? null
}

/** There is no source of that name. */
export function noSource(slug: string, sources: readonly { readonly slug: string }[]): CliError {
  const all = sources.map((source) => source.slug).join(', ')
  return new CliError(`There is no source "${plain(slug)}". ${all ? `There are: ${all}.` : 'There are none yet.'}`)
}

async function withBalance(api: Api, { id }: Load): Promise<Load & { balance: Balance[] }> {
  const query = `query ($id: ID!) { load(id: $id) { ${LOAD_FIELDS} ${BALANCE_FIELDS} } }`
  return (await api.ask<{ load: Load & { balance: Balance[] } }>(query, { id })).load
}

function report({ terminal, flags }: Call, load: Load & { balance: Balance[] }): number {
  if (flags.has('json')) terminal.json(load)
  else {
    for (const sentence of loadSentences(terminal, load)) terminal.line(sentence)
    printBalance(terminal, load)
  }
  return load.state === 'SUCCEEDED' ? 0 : 1
}
