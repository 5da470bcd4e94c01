import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import type { ExportService } from '../data-api/export.service.ts'
import { RequestError } from '../shared/errors.ts'

type Parameter = string | string[] | undefined

interface ExportQuery {
  Params: { slug: string; dataset: string }
  Querystring: Record<string, Parameter>
}

const known = ['columns', 'where', 'orderBy']

/**
 * `/export/:slug/:dataset.csv?columns=a,b&where={…}&orderBy=[…]` streams what the filter leaves of a dataset, no faster than the reader takes it;
 * it ends when the reader goes away. `where` and `orderBy` are JSON as in a GraphQL variable.
 */
export function exportRoute(http: FastifyInstance, exports: ExportService): void {
  http.get<ExportQuery>('/export/:slug/:dataset.csv', async (request, reply) => {
    const { slug, dataset } = request.params
    refuseUnknown(request.query)
    const gone = new AbortController()
    reply.raw.once('close', () => gone.abort())
    const asked = {
      columns: columnsOf(request.query['columns']),
      where: one(request.query, 'where'),
      orderBy: one(request.query, 'orderBy'),
    }
    const pieces = await exports.csv(slug, dataset, asked, gone.signal)
    return reply
      .type('text/csv; charset=utf-8; header=present')
      .header('content-disposition', `attachment; filename="${slug === dataset ? slug : `${slug}-${dataset}`}.csv"`)
      .header('cache-control', 'no-store')
      .send(Readable.from(pieces, { objectMode: false, highWaterMark: 256 * 1024 }))
  })
}

/** A filter that is spelled wrong must not give everything. */
function refuseUnknown(query: ExportQuery['Querystring']): void {
  const unknown = Object.keys(query).find((name) => !known.includes(name))
  if (unknown !== undefined) throw new RequestError(`An export knows ${known.join(', ')}, but not "${unknown}".`)
}

function columnsOf(given: Parameter): string[] | null {
  const names = [given ?? []]
    .flat()
    .flatMap((list) => list.split(','))
    .filter((name) => name !== '')
  return names.length === 0 ? null : names
}

function one(query: ExportQuery['Querystring'], name: string): string | null {
  const given = query[name]
  if (Array.isArray(given)) throw new RequestError(`"${name}" is given more than once.`)
  return given ?? null
}
