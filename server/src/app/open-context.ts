import { setTimeout } from 'node:timers/promises'
import { createHttp } from '@handover/sdk'
import type { Clock } from '../shared/clock.ts'
import type { OpenContext } from '../sources/sources.service.ts'
import type { Settings } from './config.ts'

/** Gives the function that makes what a connector is called with. */
export function contextOpener(settings: Settings, clock: Clock): OpenContext {
  return ({ config, signal, log }) => {
    const sleep = (ms: number, stopped: AbortSignal) => setTimeout(ms, undefined, { signal: stopped })
    const http = createHttp({ allowedHosts: settings.privateHosts, clock, sleep, random: Math.random, signal, log })
    return { config, http, signal, filesFolder: settings.filesFolder, log, now: () => clock.now(), close: () => http.close() }
  }
}
