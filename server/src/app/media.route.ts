import type { FastifyInstance } from 'fastify'
import type { LakeService } from '../lake/lake.service.ts'
import { NotFoundError } from '../shared/errors.ts'

/** A picture may come from anybody: it must not run, frame or fetch anything, even when it is opened by itself. */
const MEDIA_POLICY = `default-src 'none'; style-src 'unsafe-inline'; sandbox`

/** `/media/:slug/:key` serves the pictures that `image` columns point at. */
export function mediaRoute(http: FastifyInstance, lake: LakeService): void {
  http.get<{ Params: { slug: string; key: string } }>('/media/:slug/:key', async (request, reply) => {
    const { slug, key } = request.params
    const media = await lake.getMedia(slug, key)
    if (!media) throw new NotFoundError('This picture is not kept here. It may not be fetched yet.')
    const etag = `"${media.hash}"`
    reply.header('etag', etag).header('cache-control', 'private, max-age=3600').header('content-security-policy', MEDIA_POLICY)
    if (request.headers['if-none-match'] === etag) return reply.code(304).send()
    return reply.type(media.type).send(media.bytes)
  })
}
