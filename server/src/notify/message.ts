import type { NoticeKind } from './notice.entity.ts'

/** One thing that is told. */
export interface NoticeEvent {
  readonly source: string
  readonly title: string
  readonly kind: NoticeKind
  /** `began`, `still` (a reminder), or `ended`: it is well again. */
  readonly phase: 'began' | 'still' | 'ended'
  readonly since: Date
  readonly text: string
}

/** A message as every channel sends it. */
export interface Message {
  readonly subject: string
  /** Plain text. */
  readonly text: string
  readonly html: string
  readonly events: readonly (Omit<NoticeEvent, 'since'> & { readonly since: string; readonly url: string })[]
}

const WHAT: Readonly<Record<NoticeKind, string>> = {
  failed: 'could not be loaded',
  late: 'is late',
  held: 'waits for a decision',
  silent: 'brings nothing any more',
}

/** Puts all that is told at once into one message: a hundred sources that fail together are one e-mail. `address` is where the dashboard is. */
export function messageOf(events: readonly NoticeEvent[], address: string): Message {
  const listed = events.map((event) => ({ ...event, since: event.since.toISOString(), url: `${address}/sources/${event.source}` }))
  const subject = `Handover: ${subjectOf(events)}`
  const text = listed.map(({ text: words, url }) => `${words}\n${url}`).join('\n\n')
  const html = listed
    .map(({ text: words, url, title }) => `<p>${escaped(words)}<br><a href="${escaped(url)}">${escaped(title)}</a></p>`)
    .join('\n')
  return { subject, text, html, events: listed }
}

function subjectOf(events: readonly NoticeEvent[]): string {
  const [first] = events
  if (events.length === 1 && first !== undefined) {
    const title = first.title.replaceAll(/\s+/g, ' ')
    return first.phase === 'ended' ? `${title} is well again` : `${title} ${first.phase === 'still' ? 'still ' : ''}${WHAT[first.kind]}`
  }
  const open = events.filter(({ phase }) => phase !== 'ended').length
  return open === 0 ? `${events.length} sources are well again` : `${open} ${open === 1 ? 'source needs' : 'sources need'} somebody`
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (letter) => ENTITIES[letter]!)
