/** What an answer looks like that is a refusal. */
interface Refused {
  ok: false
  message: string
  faults: { name: string; message: string }[]
}

const SILENT: Refused = { ok: false, message: 'Handover does not answer. Try again in a moment.', faults: [] }

/**
 * Sends something to an address of this dashboard and gives its answer, or a refusal when nobody answers. null when it was called off.
 * Secrets may be in the body: it never stands in an address.
 */
export async function send<Answer>(address: string, body: unknown, signal?: AbortSignal): Promise<Answer | Refused | null> {
  try {
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(body),
      signal: signal ?? null,
    })
    if (response.ok) return (await response.json()) as Answer
    const { message } = (await response.json()) as { message?: string }
    return message ? { ...SILENT, message } : SILENT
  } catch {
    return signal?.aborted ? null : SILENT
  }
}
