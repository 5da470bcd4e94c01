import { existsSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { pathToFileURL } from 'node:url'

/** Answers every request that has no route of its own. */
export type Dashboard = (request: IncomingMessage, response: ServerResponse) => void

const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Handover</title>
<h1>The dashboard is not built</h1><p>The API works at <a href="/graphql">/graphql</a>. For the pages, stop the server and start it with
<code>npm start</code>, which builds them.</p></html>`

/**
 * Opens the built dashboard for use inside this process; without a build, pages say how to get one. Forms are taken only from the dashboard's own
 * address, so it is told where people see it: at `publicUrl`, which may be https although this process is not, or on this machine.
 */
export async function openDashboard(handlerFile: string, publicUrl: string | null): Promise<Dashboard> {
  if (!existsSync(handlerFile))
    return (_, response) => void response.writeHead(503, { 'content-type': 'text/html; charset=utf-8' }).end(NOT_BUILT)
  // SvelteKit takes https for granted unless a header says otherwise, and reads the header's name when it is imported.
  process.env['PROTOCOL_HEADER'] = 'x-forwarded-proto'
  const { handler } = (await import(pathToFileURL(handlerFile).href)) as { handler: Dashboard }
  const known = publicUrl === null ? null : new URL(publicUrl)
  return (request, response) => {
    // What the header said before was written by whoever asks.
    request.headers['x-forwarded-proto'] = request.headers.host === known?.host && known?.protocol === 'https:' ? 'https' : 'http'
    handler(request, response)
  }
}

/** Tells the dashboard where to ask for data: always this process, never the address that a browser names. */
export function tellApiAddress(address: string): void {
  process.env['HANDOVER_INTERNAL_API'] = address
}
