import { fail, isHttpError, redirect } from '@sveltejs/kit'
import { reasonKey } from '#lib/model/aside.ts'
import { withParams } from '#lib/model/filters.ts'
import { asideSources, bringBack, discard, discardedOf, ranBy, reasonsOf, recordsOf, runAgain } from '#lib/server/aside.ts'
import type { Actions, PageServerLoad } from './$types'

const STEP = 20
const MOST = 500

/** A number of the address, within what the page shows at once. */
function shown(params: URLSearchParams, name: string): number {
  const asked = Number(params.get(name) ?? STEP)
  return Number.isInteger(asked) && asked >= STEP ? Math.min(MOST, asked) : STEP
}

/** Filter, chosen reason and record are all in the address. */
export const load: PageServerLoad = async ({ url: { searchParams: params } }) => {
  const filter = { source: params.get('source'), dataset: params.get('dataset'), code: params.get('code') }
  const [sources, reasons, discarded, ran] = await Promise.all([
    asideSources(),
    reasonsOf(filter),
    discardedOf(filter, shown(params, 'given-up')),
    params.get('ran') ? ranBy(params.get('ran')!) : null,
  ])
  const reason = reasons.nodes.find((one) => reasonKey(one) === params.get('reason')) ?? reasons.nodes[0] ?? null
  const records = reason ? await recordsOf(reason, shown(params, 'rows')) : { nodes: [], totalCount: 0 }
  const record = records.nodes.find((one) => one.id === params.get('record')) ?? records.nodes[0] ?? null
  return { filter, sources, reasons, reason, records, record, discarded, ran, decided: decidedIn(params) }
}

/** The decision that was just taken, so that it can be taken back at once. */
function decidedIn(params: URLSearchParams): { source: string; dataset: string; at: string; count: number } | null {
  const [source, dataset, count, at] = (params.get('decided') ?? '').split('~')
  return source && dataset && at && !Number.isNaN(Date.parse(at)) ? { source, dataset, at, count: Number(count) } : null
}

export const actions: Actions = {
  /** Runs what is set aside of a dataset again, and shows how it comes out. */
  run: ({ request }) =>
    act(request, async (form) => {
      const id = await runAgain(form.text('source'), form.text('dataset'))
      return { ran: id, decided: null, reason: null, record: null }
    }),
  /** Gives up what waits for one reason. */
  discard: ({ request }) =>
    act(request, async (form) => {
      const [source, dataset] = [form.text('source'), form.text('dataset')]
      const reason = { sourceSlug: source, dataset, code: form.text('code'), column: form.text('column') }
      const { count, decidedAt } = await discard(reason, form.text('note'))
      return { decided: [source, dataset, count, decidedAt].join('~'), ran: null, reason: null, record: null }
    }),
  /** Takes a decision back. */
  restore: ({ request }) =>
    act(request, async (form) => {
      await bringBack(form.text('source'), form.text('dataset'), form.text('decidedAt'))
      return { decided: null, ran: null }
    }),
}

interface Fields {
  text(name: string): string
}

/** Does what a form asks for and goes back to the page that it came from, with these changes of its address. */
async function act(request: Request, work: (form: Fields) => Promise<Record<string, string | null>>) {
  const data = await request.formData()
  const form = { text: (name: string) => String(data.get(name) ?? '') }
  let to: string
  try {
    to = withParams(new URL(form.text('back'), 'http://page/set-aside'), await work(form))
  } catch (fault) {
    const message = isHttpError(fault) ? fault.body.message : 'That did not work. Try again in a moment.'
    return fail(isHttpError(fault) ? fault.status : 500, { message })
  }
  redirect(303, to.startsWith('/set-aside') ? to : '/set-aside')
}
