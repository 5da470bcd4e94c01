import { setTimeout } from 'node:timers/promises'
import { createHttp, HTTP_LIMITS, networkFetcher } from '@handover/sdk'
import type { Clock } from '../shared/clock.ts'
import type { OpenContext } from '../sources/sources.service.ts'
import type { Settings } from './config.ts'
import type { Metrics } from './observe/metrics.ts'
import { countedFetcher } from './observe/source-requests.ts'

/** Gives the function that makes what a connector is called with. Requests of loads are counted where there are metrics. */
export function contextOpener(settings: Settings, clock: Clock, metrics?: Metrics): OpenContext {
  return ({ source, config, signal, log }) => {
    const sleep = (ms: number, stopped: AbortSignal) => setTimeout(ms, undefined, { signal: stopped })
    const network = networkFetcher({ allowedHosts: settings.privateHosts, ...HTTP_LIMITS })
    const fetcher = source === undefined || !metrics ? network : countedFetcher(network, source, metrics)
    const http = createHttp({ fetcher, clock, sleep, random: Math.random, signal, log })
    return { config, http, signal, filesFolder: settings.filesFolder, log, now: () => clock.now(), close: () => http.close() }
  }
}
