import type { Fixture, RecordedAnswer } from '@handover/sdk/host'
import type { Scrubber } from './scrub.ts'

/** Never kept, whoever looked at them: they say who asked, or are only true for a moment. */
const NEVER_KEPT = /cookie|authorization|ratelimit|rate-limit|^retry-after$|^date$/i

/** Recorded answers as fixtures, by the names of their files; and a sentence for each that cannot be one. */
export function toFixtures(
  answers: Iterable<RecordedAnswer>,
  scrubber: Scrubber,
  now: Date,
): { fixtures: Map<string, Fixture>; problems: string[] } {
  const fixtures = new Map<string, Fixture>()
  const problems: string[] = []
  const counts = new Map<string, number>()
  for (const answer of answers) {
    const body = textOf(answer.body)
    if (body === null) {
      problems.push(`An answer of ${new URL(answer.request.url).pathname} is no text, which a fixture cannot hold; it was left out.`)
      continue
    }
    const place = (counts.get(answer.label) ?? 0) + 1
    counts.set(answer.label, place)
    fixtures.set(`${answer.label}-${place}.json`, fixtureOf(answer, body, scrubber, now))
  }
  return { fixtures, problems }
}

function fixtureOf({ request, status, headers, seen }: RecordedAnswer, body: string, scrubber: Scrubber, now: Date): Fixture {
  const kept = Object.entries(headers)
    .filter(([name]) => (seen.has(name) || name === 'content-type') && !NEVER_KEPT.test(name))
    .map(([name, value]) => [name, scrubber.text(value)])
  return {
    origin: `recorded ${now.toISOString().slice(0, 10)}`,
    request: {
      method: request.method,
      url: scrubber.text(request.url),
      ...(request.body !== null && { body: scrubber.body(request.body) }),
    },
    response: { status, headers: Object.fromEntries(kept) as Record<string, string>, body: scrubber.body(body) },
  }
}

function textOf(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}
