import { setImmediate } from 'node:timers/promises'

/** Gives the event loop one turn, so that requests are answered between two long synchronous steps. */
export const turn = (): Promise<void> => setImmediate()
