import { stringifyJson } from '@handover/sdk'
import type { Fixture } from '@handover/sdk/host'

/** A fixture as it stands in its file: a body of JSON as JSON, so that it can be read; as text where a digit would be lost by that. */
export function fixtureText(fixture: Fixture): string {
  const { body } = fixture.response
  const response = { ...fixture.response, body: typeof body === 'string' || isExact(body) ? body : stringifyJson(body) }
  return `${JSON.stringify({ ...fixture, response }, null, 2)}\n`
}

function isExact(body: unknown): boolean {
  const text = stringifyJson(body)
  return JSON.stringify(JSON.parse(text)) === text
}
