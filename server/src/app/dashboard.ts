import { existsSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { pathToFileURL } from 'node:url'

/** Answers every request that has no route of its own. */
export type Dashboard = (request: IncomingMessage, response: ServerResponse) => void

const NOT_BUILT = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Handover</title>
<h1>The dashboard is not built</h1><p>The API works at <a href="/graphql">/graphql</a>. For the pages, stop the server and start it with
<code>npm start</code>, which builds them.</p></html>`

/** Opens the built dashboard for use inside this process; without a build, pages say how to get one. */
export async function openDashboard(handlerFile: string): Promise<Dashboard> {
  if (!existsSync(handlerFile))
    return (_, response) => void response.writeHead(503, { 'content-type': 'text/html; charset=utf-8' }).end(NOT_BUILT)
  // SvelteKit takes https for granted unless a header says otherwise, and reads the header's name when it is imported.
  process.env['PROTOCOL_HEADER'] = 'x-forwarded-proto'
  const { handler } = (await import(pathToFileURL(handlerFile).href)) as { handler: Dashboard }
  return (request, response) => {
    request.headers['x-forwarded-proto'] = 'http'
    handler(request, response)
  }
}

/** Tells the dashboard where to ask for data: always this process, never the address that a browser names. */
export function tellApiAddress(address: string): void {
  process.env['HANDOVER_INTERNAL_API'] = address
}
