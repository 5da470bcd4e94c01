import { setTimeout } from 'node:timers/promises'
import { createHttp, HTTP_LIMITS, networkFetcher } from '@handover/sdk'
import type { Clock } from '../shared/clock.ts'
import type { OpenContext } from '../sources/sources.service.ts'
import type { Settings } from './config.ts'
import { watchedFetcher, type FetchWatch } from './observe/source-requests.ts'

/** Gives the function that makes what a connector is called with. Requests of loads are watched where somebody wants to know of them. */
export function contextOpener(settings: Settings, clock: Clock, watch?: FetchWatch): OpenContext {
  return ({ source, config, signal, log }) => {
    const sleep = (ms: number, stopped: AbortSignal) => setTimeout(ms, undefined, { signal: stopped })
    const network = networkFetcher({ allowedHosts: settings.privateHosts, ...HTTP_LIMITS })
    const fetcher = source === undefined || !watch ? network : watchedFetcher(network, source, watch)
    const http = createHttp({ fetcher, clock, sleep, random: Math.random, signal, log })
    return { config, http, signal, filesFolder: settings.filesFolder, log, now: () => clock.now(), close: () => http.close() }
  }
}
