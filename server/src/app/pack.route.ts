import type { FastifyInstance, FastifyReply } from 'fastify'
import type { PackService } from '../pack/pack.service.ts'
import type { Clock } from '../shared/clock.ts'

/**
 * `/export/handover-pack.html` and `.pdf`: the dated document that hands everything over. `/export/handover-pack.json` says only what is missing
 * in it, because nobody has written it down.
 */
export function packRoute(http: FastifyInstance, pack: PackService, clock: Clock): void {
  const named = (reply: FastifyReply, ending: string) =>
    reply
      .header('content-disposition', `attachment; filename="handover-${clock.now().toISOString().slice(0, 10)}.${ending}"`)
      .header('cache-control', 'no-store')
  http.get('/export/handover-pack.html', async (_, reply) =>
    named(reply, 'html')
      // It is opened from a disk, but may be looked at here: nothing in it runs.
      .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
      .type('text/html; charset=utf-8')
      .send(await pack.html()),
  )
  http.get('/export/handover-pack.pdf', async (_, reply) =>
    named(reply, 'pdf')
      .type('application/pdf')
      .send(await pack.pdf()),
  )
  http.get('/export/handover-pack.json', async (_, reply) => {
    const { title, subtitle, gaps } = await pack.document()
    return reply.header('cache-control', 'no-store').send({ title, subtitle, gaps })
  })
}
