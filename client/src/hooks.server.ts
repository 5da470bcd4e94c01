import type { Handle } from '@sveltejs/kit/hooks'

/** The first language the browser names that this runtime knows. */
function localeOf(header: string | null): string {
  const wanted = (header ?? '').split(',').map((part) => part.split(';')[0]!.trim())
  for (const tag of wanted) {
    try {
      if (tag && tag !== '*' && Intl.DateTimeFormat.supportedLocalesOf(tag).length > 0) return tag
    } catch {
      continue
    }
  }
  return 'en-GB'
}

/** The zone of the reader's cookie; on a first visit that of this machine, which is often the same. */
function zoneOf(cookie: string | undefined): string {
  try {
    if (cookie) return new Intl.DateTimeFormat('en', { timeZone: cookie }).resolvedOptions().timeZone
  } catch {
    // A cookie that names no zone is as good as none.
  }
  return new Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** Reads the reader's language, zone and theme before the page is drawn, so nothing jumps afterwards. */
export const handle: Handle = ({ event, resolve }) => {
  const theme = event.cookies.get('theme')
  event.locals.theme = theme === 'light' || theme === 'dark' ? theme : 'system'
  event.locals.reader = { locale: localeOf(event.request.headers.get('accept-language')), timeZone: zoneOf(event.cookies.get('zone')) }
  const mark = event.locals.theme === 'system' ? '' : `data-theme="${event.locals.theme}"`
  return resolve(event, { transformPageChunk: ({ html }) => html.replace('%handover.theme%', mark) })
}
