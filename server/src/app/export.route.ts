import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import type { ExportService } from '../data-api/export.service.ts'

interface ExportRequest {
  Params: { slug: string; dataset: string }
  Querystring: { columns?: string | string[] }
}

/** `/export/:slug/:dataset.csv?columns=a,b` streams a dataset, no faster than the reader takes it; it ends when the reader goes away. */
export function exportRoute(http: FastifyInstance, exports: ExportService): void {
  http.get<ExportRequest>('/export/:slug/:dataset.csv', async (request, reply) => {
    const { slug, dataset } = request.params
    const columns = [request.query.columns ?? []]
      .flat()
      .flatMap((names) => names.split(','))
      .filter((name) => name !== '')
    const gone = new AbortController()
    reply.raw.once('close', () => gone.abort())
    const lines = exports.csv(slug, dataset, columns.length === 0 ? null : columns, gone.signal)
    return reply
      .type('text/csv; charset=utf-8; header=present')
      .header('content-disposition', `attachment; filename="${slug === dataset ? slug : `${slug}-${dataset}`}.csv"`)
      .header('cache-control', 'no-store')
      .send(Readable.from(lines, { objectMode: false, highWaterMark: 256 * 1024 }))
  })
}
