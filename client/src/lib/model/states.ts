import type { LoadState, SourceState } from './types.ts'

/** How a state looks: its word, its colour and its icon. Colour is never alone. */
export interface StateLook {
  word: string
  tone: 'ok' | 'run' | 'late' | 'failed' | 'held' | 'aside' | 'off'
  icon: 'ok' | 'run' | 'late' | 'failed' | 'held' | 'aside' | 'off' | 'none' | 'stopped'
}

/** Every state of a source and of a load; `PASSED` is a held load that nobody has to answer any more. */
export const STATES: Readonly<Record<SourceState | LoadState | 'PASSED', StateLook>> = {
  ON_TIME: { word: 'On time', tone: 'ok', icon: 'ok' },
  LOADING: { word: 'Loading', tone: 'run', icon: 'run' },
  LATE: { word: 'Late', tone: 'late', icon: 'late' },
  FAILED: { word: 'Failed', tone: 'failed', icon: 'failed' },
  HELD: { word: 'Waits for you', tone: 'held', icon: 'held' },
  PASSED: { word: 'Was held', tone: 'off', icon: 'stopped' },
  PAUSED: { word: 'Paused', tone: 'off', icon: 'off' },
  SET_ASIDE: { word: 'Set aside', tone: 'aside', icon: 'aside' },
  NEVER_LOADED: { word: 'Not loaded yet', tone: 'off', icon: 'none' },
  QUEUED: { word: 'Begins soon', tone: 'run', icon: 'run' },
  RUNNING: { word: 'Running', tone: 'run', icon: 'run' },
  SUCCEEDED: { word: 'Succeeded', tone: 'ok', icon: 'ok' },
  CANCELLED: { word: 'Stopped', tone: 'off', icon: 'stopped' },
}
