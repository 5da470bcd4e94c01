import Fastify, { type FastifyInstance } from 'fastify'
import type { Settings } from '../config.ts'
import { guardHosts } from '../host-check.ts'
import { observeRoutes } from './observe.routes.ts'
import type { Observation } from './observation.ts'

/** Makes the small server at `HANDOVER_HEALTH_PORT`, the only one that a worker has. It does not listen yet. */
export function createObserveServer(settings: Settings, observation: Observation): FastifyInstance {
  const http: FastifyInstance = Fastify({ logger: false, forceCloseConnections: true })
  guardHosts(http, settings)
  observeRoutes(http, observation)
  return http
}
