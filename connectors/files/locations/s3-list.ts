import { SourceError } from '@handover/sdk'
import { readXml } from '../formats/xml.ts'
import { MOST_FILES } from './folder.ts'
import { atSetting } from './faults.ts'
import type { S3Client } from './s3-client.ts'

/** An object as a listing shows it. */
export interface S3Object {
  readonly key: string
  readonly size: number
  /** Milliseconds since 1970. */
  readonly mtime: number
  readonly etag: string
}

const MOST_LISTED = 20 * MOST_FILES

/** All objects of a bucket whose keys begin with `prefix`, in the order of their keys. */
export async function* listObjects(client: S3Client, bucket: string, prefix: string): AsyncGenerator<S3Object> {
  let token: string | null = null
  const seen = new Set<string>()
  let count = 0
  do {
    const query = {
      'list-type': '2',
      'encoding-type': 'url',
      'max-keys': '1000',
      ...(prefix !== '' && { prefix }),
      ...(token !== null && { 'continuation-token': token }),
    }
    const { bytes } = await client.get(bucket, '', query)
    const page = await readPage(bytes)
    yield* page.objects
    count += page.objects.length
    if (count > MOST_LISTED)
      throw atSetting('address', `There are more than ${MOST_LISTED} objects in this place; choose a folder further down.`)
    if (page.next === null && page.isCut)
      throw new SourceError('The storage says that its list is not whole, but does not say how its list goes on.')
    if (page.next !== null && seen.has(page.next))
      throw new SourceError('The storage names the same page of its list twice, so that it would never end.')
    token = page.next
    if (token !== null) seen.add(token)
  } while (token !== null)
}

async function readPage(bytes: Uint8Array): Promise<{ objects: S3Object[]; next: string | null; isCut: boolean }> {
  const objects: S3Object[] = []
  let fields: Record<string, string> = {}
  let next: string | null = null
  let isCut = false
  let text = ''
  let isList = false
  try {
    const pieces = readXml(once(bytes), {
      open(name) {
        text = ''
        if (name === 'ListBucketResult') isList = true
        if (name === 'Contents') fields = {}
      },
      text(part) {
        text += part
      },
      close(name) {
        fields[name] = text
        if (name === 'NextContinuationToken') next = text
        if (name === 'IsTruncated') isCut = text === 'true'
        if (name === 'Contents') objects.push(objectOf(fields))
        text = ''
      },
    })
    for await (const _ of pieces);
  } catch {
    isList = false
  }
  if (!isList)
    throw atSetting(
      'endpoint',
      'What answers there does not list files as S3 does. Give the address of the storage itself, not of its pages.',
    )
  return { objects, next, isCut }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

function objectOf({ Key = '', Size = '', LastModified = '', ETag = '' }: Readonly<Record<string, string>>): S3Object {
  return { key: decodeURIComponent(Key.replaceAll('+', ' ')), size: Number(Size), mtime: Date.parse(LastModified) || 0, etag: ETag }
}
