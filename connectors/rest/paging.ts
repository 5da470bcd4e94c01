import { linkHeader, nextToken, nextUrl, offset, pageNumber, type HttpPage, type PageStep } from '@handover/sdk'
import type { StreamDefinition } from './definition/schema.ts'
import { valueAt } from './value-at.ts'

/** How a list goes on, as `http.pages` takes it; `records` gives those of a page. */
export function stepOf({ paging = { kind: 'none' } }: StreamDefinition, records: (page: HttpPage) => readonly unknown[]): PageStep {
  switch (paging.kind) {
    case 'none':
      return { next: () => null }
    case 'link':
      return linkHeader()
    case 'page': {
      const { param = 'page', first = 1, size, sizeParam } = paging
      const step = pageNumber({ param, from: first, stopWhenEmpty: records, ...(size && { size }) })
      return size && sizeParam ? { ...step, first: { ...step.first, [sizeParam]: size } } : step
    }
    case 'offset': {
      const { param = 'offset', sizeParam: limitParam = 'limit', size: limit, total } = paging
      return offset({ param, limitParam, limit, records, ...(total && { total: placeOf(total) }) })
    }
    case 'token':
      return nextToken({ at: placeOf(paging.at), param: paging.param })
    case 'url':
      return nextUrl({ at: placeOf(paging.at) })
  }
}

const placeOf =
  (path: string) =>
  ({ body }: HttpPage): unknown =>
    valueAt(body, path)
