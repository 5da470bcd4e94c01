import { error } from '@sveltejs/kit'

const PATIENCE_MS = 60_000

/** What is missing in the handover pack, because nobody has written it down, in sentences. */
export async function readGaps(): Promise<string[]> {
  const address = process.env.HANDOVER_INTERNAL_API ?? 'http://127.0.0.1:3000'
  try {
    const answer = await fetch(`${address}/export/handover-pack.json`, { signal: AbortSignal.timeout(PATIENCE_MS) })
    return ((await answer.json()) as { gaps: string[] }).gaps
  } catch {
    error(503, { message: 'The server does not answer. It may be starting or stopped.' })
  }
}
