import { gzipSync } from 'node:zlib'
import { ConfigError, SourceError } from '@handover/sdk'
import { describe, expect, it } from 'vitest'
import { KEY, serveS3, type Buckets } from '../testing/s3.ts'
import { serve, type TestServer } from '../testing/server.ts'
import { Source } from '../testing/source.ts'

const source = (server: TestServer, config: Record<string, unknown>) =>
  new Source(
    { endpoint: server.origin, region: 'eu-north-1', ...KEY, ...config },
    { filesFolder: import.meta.dirname, allowedHosts: [server.host] },
  )

const text = (content: string): Buffer => Buffer.from(content)
const gets = (server: TestServer): string[] => server.asked.filter((line) => !line.includes('?'))

function buckets(): Buckets & { readonly shop: Map<string, Buffer> } {
  return {
    shop: new Map([
      ['sales/2025/a.csv', text('id,name\n1,a\n')],
      ['sales/2026/b.csv.gz', gzipSync('id,name\n2,b\n')],
      ["sales/2026/c d+e%20(å)!*'.ndjson", text('{"id":3,"name":"c"}\n')],
      ['sales/2026/_notes.csv', text('id\n9\n')],
      ['sales/readme.txt', text('nothing')],
      ['sales/z.json', text('[{"id":4,"name":"z"}]')],
      ['sales2/other.csv', text('id\n8\n')],
    ]),
    locked: new Map(),
  }
}

/** What a server lists that knows of one object, or of none. */
const listing = (key: string | null, more = ''): string =>
  `<ListBucketResult>${key === null ? '' : `<Contents><Key>${key}</Key><Size>5</Size></Contents>`}${more}</ListBucketResult>`

describe('files in S3 storage', () => {
  it('are listed page by page and read, every request signed', async () => {
    const server = await serveS3(buckets())
    const found = await source(server, { address: 's3://shop/sales' }).load()
    expect(found.values('id')).toEqual([1, 2, 3, 4])
    expect(found.pages[0]!.request).toBe("sales/2025/a.csv, sales/2026/b.csv.gz, sales/2026/c d+e%20(å)!*'.ndjson, sales/z.json")
    expect(found.discovery!.datasets[0]!.name).toBe('sales')
    expect(found.reasons).toEqual([])
    const kept = JSON.stringify([found.discovery, found.cursor, found.pages.map(({ request }) => request)])
    expect(kept).not.toContain(KEY.secretKey)
    expect(kept).not.toContain(KEY.accessKey)
  })

  it('are not fetched again while they are the same', async () => {
    const made = buckets()
    const server = await serveS3(made)
    const found = await source(server, { address: 's3://shop/sales', key: 'id' }).load()
    server.asked.length = 0
    expect((await found.load()).read).toBe(0)
    expect(gets(server)).toEqual(['GET /shop/sales/_columns.json 404'])
    made.shop.set('sales/2025/a.csv', text('id,name\n1,A\n'))
    expect((await found.load()).values('name')).toEqual(['A', 'b', 'c', 'z'])
    expect(gets(server).filter((line) => line.includes('2026'))).toEqual([])
  })

  it('are narrowed by a pattern, described by _columns.json, and may be one object', async () => {
    const made = buckets()
    made.shop.set('sales/_columns.json', text('{"_dataset":{"title":"Sold","key":["id"]}}'))
    const server = await serveS3(made)
    const found = await source(server, { address: 's3://shop/sales/', pattern: '2026/**' }).load()
    expect(found.values('id')).toEqual([2, 3])
    expect(found.discovery!.datasets[0]).toMatchObject({ title: 'Sold', key: ['id'] })
    expect((await source(server, { address: 's3://shop/sales/z.json' }).load()).values('id')).toEqual([4])
    expect((await source(server, { address: 's3://shop' }).load()).values('id')).toEqual([1, 2, 3, 4, 8])
  })

  it('with names that no address can carry are set aside, and lead nowhere', async () => {
    const server = await serveS3({
      shop: new Map([
        ['a/../../secret/x.csv', text('id\n1\n')],
        ['a//y.csv', text('id\n2\n')],
        ['a/./z.csv', text('id\n3\n')],
        ['b.csv', text('id\n4\n')],
      ]),
      secret: new Map([['x.csv', text('id\n666\n')]]),
    })
    const found = await source(server, { address: 's3://shop' }).load()
    expect(found.values('id')).toEqual([4])
    expect(found.reasons).toHaveLength(3)
    expect(found.reasons[0]).toMatch(/holds a part that is empty, \. or \.\./)
    expect(gets(server).filter((line) => line.includes('secret'))).toEqual([])
  })

  it('are described in any letters, wherever the connection cuts them, and by no giant', async () => {
    const title = 'Sålda varor — åäö'.repeat(20)
    const description = Buffer.from(JSON.stringify({ _dataset: { title } }))
    const direct = await serve((request, response) => {
      if (request.url!.includes('list-type')) return void response.end(listing('a.csv'))
      if (!request.url!.endsWith('_columns.json')) return void response.end('id\n1\n')
      const at = description.indexOf('ö') + 1
      response.write(description.subarray(0, at))
      setTimeout(() => response.end(description.subarray(at)), 30)
    })
    expect((await source(direct, { address: 's3://shop' }).load()).discovery!.datasets[0]!.title).toBe(title)
    const giant = await serve((request, response) => {
      if (request.url!.includes('list-type')) return void response.end(listing('a.csv'))
      response.end(request.url!.endsWith('_columns.json') ? Buffer.alloc(1_000_001, ' ') : 'id\n1\n')
    })
    await expect(source(giant, { address: 's3://shop' }).load()).rejects.toThrow('_columns.json is larger than 1 MB')
  })

  it('need no key where anybody may read', async () => {
    const server = await serveS3({ open: new Map([['a.csv', text('id\n1\n')]]) }, ['open'])
    const found = new Source(
      { endpoint: server.origin, address: 's3://open' },
      { filesFolder: import.meta.dirname, allowedHosts: [server.host] },
    )
    expect((await found.load()).values('id')).toEqual([1])
  })

  it('are never listed in part: a list that says it is cut, but not how it goes on, is an error', async () => {
    const cut = await serve((_request, response) => response.end(listing('a.csv', '<IsTruncated>true</IsTruncated>')))
    await expect(source(cut, { address: 's3://shop' }).load()).rejects.toThrow('does not say how its list goes on')
    let token = 0
    const circling = await serve((_request, response) =>
      response.end(listing(null, `<IsTruncated>true</IsTruncated><NextContinuationToken>${token++ % 2}</NextContinuationToken>`)),
    )
    await expect(source(circling, { address: 's3://shop' }).load()).rejects.toThrow('the same page of its list twice')
  })
})

describe('what is wrong with S3 settings is said beside the field', () => {
  it.each<[string, Record<string, unknown>, string, RegExp]>([
    ['wrong bucket', { address: 's3://shopp/sales' }, 'address', /There is no bucket "shopp"/],
    ['wrong folder', { address: 's3://shop/nothing' }, 'address', /There is no file that ends in .* in s3:\/\/shop\/nothing/],
    ['wrong pattern', { pattern: '*.xlsx' }, 'pattern', /There is no file that fits \*\.xlsx/],
    ['wrong access key', { accessKey: 'AKIDOTHER' }, 'accessKey', /does not know this access key/],
    ['wrong secret key', { secretKey: 'not-the-secret' }, 'secretKey', /does not belong to this access key/],
    ['an access key alone', { secretKey: undefined }, 'secretKey', /belong together/],
    ['wrong region', { region: 'us-west-2' }, 'region', /does not lie in the region us-west-2\. Its region is eu-north-1\./],
    [
      'no right to read',
      { address: 's3://locked' },
      'accessKey',
      /does not let us read the bucket "locked"\. The key needs the rights s3:ListBucket/,
    ],
    ['no address of storage', { address: 's3:/shop' }, 'address', /Write it like s3:\/\/bucket\/folder/],
    ['two folders', { address: 's3://shop/a s3://shop/b' }, 'address', /One folder of S3 storage is one source/],
    ['wrong key column', { key: 'nr' }, 'key', /names a column "nr"/],
    ['a server in a private network', { endpoint: 'http://10.0.0.1' }, 'endpoint', /private network/],
    ['no address of a server', { endpoint: 's3.example.org' }, 'endpoint', /Write it like https:\/\/s3\.example\.org/],
  ])('%s', async (_what, config, field, message) => {
    const server = await serveS3(buckets())
    const error = await source(server, { address: 's3://shop/sales', ...config })
      .check()
      .then(
        () => null,
        (reason: unknown) => reason,
      )
    expect(error).toBeInstanceOf(ConfigError)
    expect((error as Error).message).toMatch(message)
    expect((error as ConfigError).fields.map(({ name }) => name)).toEqual([field])
    expect((error as Error).message).not.toContain(KEY.secretKey)
  })

  it('a server that is none', async () => {
    const server = await serve((_request, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html><body>Hello<br></body></html>'),
    )
    await expect(source(server, { address: 's3://shop' }).check()).rejects.toMatchObject({
      message: expect.stringMatching(/does not list files as S3 does/),
      fields: [{ name: 'endpoint' }],
    })
    const gone = await serve((_request, response) => response.writeHead(404).end())
    await expect(source(gone, { address: 's3://shop' }).check()).rejects.toMatchObject({
      message: expect.stringMatching(/does not speak S3/),
      fields: [{ name: 'endpoint' }],
    })
  })

  it('a server that sends a fault made to be read for ever', async () => {
    const server = await serve((_request, response) => response.writeHead(400).end('<Error>'.repeat(60_000)))
    const began = performance.now()
    await expect(source(server, { address: 's3://shop' }).check()).rejects.toThrow('does not speak S3')
    expect(performance.now() - began).toBeLessThan(3000)
  })

  it('a clock that is wrong, which no setting can mend', async () => {
    const server = await serve((_request, response) => response.writeHead(403).end('<Error><Code>RequestTimeTooSkewed</Code></Error>'))
    await expect(source(server, { address: 's3://shop' }).load()).rejects.toThrow(SourceError)
  })
})
