import { createHash, createHmac } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { serve, type TestServer } from './server.ts'

/** The key that lets in. */
export const KEY = { accessKey: 'AKIDEXAMPLE', secretKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' } as const
const REGION = 'eu-north-1'

/** Objects by bucket and key. */
export type Buckets = Readonly<Record<string, Map<string, Buffer>>>

/** A server that speaks as much S3 as is needed, three keys to a page, and checks each signature by itself, from the words of the specification. */
export function serveS3(buckets: Buckets, open: readonly string[] = []): Promise<TestServer> {
  return serve((request, response) => {
    const url = new URL(request.url!, 'http://localhost')
    const [bucket = '', ...rest] = url.pathname.slice(1).split('/').map(decodeURIComponent)
    const key = rest.join('/')
    const fault = open.includes(bucket) ? null : faultOf(request)
    if (fault !== null) return refuse(response, ...fault)
    const objects = buckets[bucket]
    if (objects === undefined) return refuse(response, 404, 'NoSuchBucket')
    if (bucket === 'locked') return refuse(response, 403, 'AccessDenied')
    if (key === '') return list(response, objects, url.searchParams)
    const body = objects.get(key)
    if (body === undefined) return refuse(response, 404, 'NoSuchKey')
    response.writeHead(200, { 'content-type': 'application/octet-stream', etag: etagOf(body) }).end(body)
  })
}

type Fault = readonly [status: number, code: string, more?: string]

function faultOf(request: IncomingMessage): Fault | null {
  const match =
    /^AWS4-HMAC-SHA256 Credential=(\w+)\/(\d{8})\/([\w-]+)\/s3\/aws4_request, SignedHeaders=([\w;-]+), Signature=(\w{64})$/.exec(
      request.headers.authorization ?? '',
    )
  if (match === null) return [403, 'AccessDenied']
  const [, id, day, region, signed, signature] = match
  if (id !== KEY.accessKey) return [403, 'InvalidAccessKeyId']
  if (region !== REGION) return [400, 'AuthorizationHeaderMalformed', `<Region>${REGION}</Region>`]
  return signature === signatureOf(request, day!, signed!) ? null : [403, 'SignatureDoesNotMatch']
}

function signatureOf(request: IncomingMessage, day: string, signed: string): string {
  const [path, query = ''] = request.url!.split('?')
  const names = signed.split(';')
  const canonical = [
    request.method,
    path,
    query.split('&').sort().join('&'),
    ...names.map((name) => `${name}:${String(request.headers[name]).trim()}`),
    '',
    signed,
    request.headers['x-amz-content-sha256'],
  ].join('\n')
  const scope = `${day}/${REGION}/s3/aws4_request`
  const text = ['AWS4-HMAC-SHA256', request.headers['x-amz-date'], scope, createHash('sha256').update(canonical).digest('hex')].join('\n')
  const sign = (key: string | Buffer, part: string): Buffer => createHmac('sha256', key).update(part).digest()
  const key = ['s3', 'aws4_request'].reduce(sign, sign(sign(`AWS4${KEY.secretKey}`, day), REGION))
  return sign(key, text).toString('hex')
}

const PAGE = 3

function list(response: ServerResponse, objects: Map<string, Buffer>, query: URLSearchParams): void {
  const prefix = query.get('prefix') ?? ''
  const keys = [...objects.keys()].filter((key) => key.startsWith(prefix)).sort()
  const from = Number(query.get('continuation-token') ?? 0)
  const next = from + PAGE < keys.length ? `<NextContinuationToken>${from + PAGE}</NextContinuationToken>` : ''
  const contents = keys.slice(from, from + PAGE).map((key) => {
    const body = objects.get(key)!
    const time = new Date(Date.UTC(2026, 0, 1)).toISOString()
    return `<Contents><Key>${encodeURIComponent(key).replaceAll('%20', '+')}</Key><LastModified>${time}</LastModified><ETag>&quot;${etagOf(body).slice(1, -1)}&quot;</ETag><Size>${body.length}</Size></Contents>`
  })
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${contents.join('')}${next}</ListBucketResult>`
  response.writeHead(200, { 'content-type': 'application/xml' }).end(xml)
}

function refuse(response: ServerResponse, status: number, code: string, more = ''): void {
  response.writeHead(status, { 'content-type': 'application/xml' }).end(`<?xml version="1.0"?>\n<Error><Code>${code}</Code>${more}</Error>`)
}

const etagOf = (body: Buffer): string => `"${createHash('md5').update(body).digest('hex')}"`
