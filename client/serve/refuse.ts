import type { ServerResponse } from 'node:http'

/** Answers with an error in the form of the API, so that a program needs to know one. */
export function refuse(response: ServerResponse, status: number, code: string, message: string): void {
  if (response.headersSent) return void response.destroy()
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...(status === 503 && { 'retry-after': '5' }) })
  response.end(JSON.stringify({ errors: [{ message, extensions: { code } }] }))
}
