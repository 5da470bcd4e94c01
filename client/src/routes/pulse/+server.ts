import { json } from '@sveltejs/kit'
import { ask } from '#lib/server/api.ts'

const PULSE = `query Pulse {
  sources { slug state stateSince lastLoad { id state pages records } }
  datasets { sourceSlug name rows quarantined loadedAt changedAt }
}`

interface Beat {
  sources: { state: string }[]
  datasets: unknown[]
}

/** A cheap answer to "has anything changed?", asked by open pages every few seconds. */
export const GET = async () => {
  const beat = await ask<Beat>(PULSE)
  const running = beat.sources.some((source) => source.state === 'LOADING')
  return json({ state: JSON.stringify(beat), running }, { headers: { 'cache-control': 'no-store' } })
}
