import { AwsV4Signer } from 'aws4fetch'
import { bareAddress, SourceError, type Context, type Response, type StreamedResponse } from '@handover/sdk'
import type { Settings } from '../settings.ts'
import { atSetting, withSetting, type Suspects } from './faults.ts'

/** Where a fault may lie, for storage that speaks S3 at an address of its own. */
export const S3_SUSPECTS: Suspects = { host: 'endpoint', what: 'address', key: 'accessKey' }

/** Answers that say in XML what is wrong. */
const EXPLAINED = [301, 307, 400, 403, 404]
const NOT_FOUND = 404

/** Asks storage that speaks S3, with signed requests (Signature Version 4) when there is a key; buckets are named in the path. */
export class S3Client {
  readonly #context: Context<Settings>
  readonly #origin: string
  readonly #region: string

  constructor(context: Context<Settings>) {
    const { endpoint, region, accessKey, secretKey } = context.config
    if ((accessKey === '') !== (secretKey === undefined)) {
      const missing = accessKey === '' ? 'accessKey' : 'secretKey'
      throw atSetting(missing, 'An access key and its secret key belong together. Give both, or none for a bucket that anybody may read.')
    }
    this.#context = context
    this.#region = region.trim() === '' ? 'us-east-1' : region.trim()
    this.#origin = originOf(endpoint.trim() === '' ? `https://s3.${this.#region}.amazonaws.com` : endpoint.trim())
  }

  /** An answer in full. */
  async get(bucket: string, key: string, query: Readonly<Record<string, string>> = {}): Promise<Response> {
    const { url, headers } = await this.#signed(bucket, key, query)
    const answer = await this.#context.http.get(url, { headers, allow: EXPLAINED }).catch(this.#fault)
    if (EXPLAINED.includes(answer.status)) throw this.#problem(answer.status, beginningIn(answer), bucket)
    return answer
  }

  /** An object as it comes; null when there is none of that name. */
  async stream(bucket: string, key: string): Promise<StreamedResponse | null> {
    const { url, headers } = await this.#signed(bucket, key, {})
    const answer = await this.#context.http.stream(url, { headers, allow: EXPLAINED }).catch(this.#fault)
    if (!EXPLAINED.includes(answer.status)) return answer
    const text = await beginningOf(answer)
    if (answer.status === NOT_FOUND && codeIn(text) === 'NoSuchKey') return null
    throw this.#problem(answer.status, text, bucket)
  }

  /** What an answer means that says what is wrong. */
  #problem(status: number, xml: string, bucket: string): Error {
    const code = codeIn(xml)
    const region = /<Region>([\w-]{1,60})<\/Region>/.exec(xml)?.[1]
    switch (code) {
      case 'InvalidAccessKeyId':
        return atSetting('accessKey', 'The storage does not know this access key. Copy it again.')
      case 'SignatureDoesNotMatch':
        return atSetting('secretKey', 'The secret key does not belong to this access key. Copy it again, without spaces.')
      case 'InvalidToken':
      case 'ExpiredToken':
        return atSetting('accessKey', 'This access key was given for a time only, and that is over. Use a lasting one.')
      case 'NoSuchBucket':
      case 'InvalidBucketName':
        return atSetting('address', `There is no bucket "${bucket}" at ${this.#origin}. Look at its spelling.`)
      case 'AccessDenied':
      case 'AllAccessDisabled':
        return atSetting(
          'accessKey',
          `The storage does not let us read the bucket "${bucket}". The key needs the rights s3:ListBucket and s3:GetObject for it.`,
        )
      case 'PermanentRedirect':
      case 'TemporaryRedirect':
      case 'AuthorizationHeaderMalformed':
      case 'IllegalLocationConstraintException':
        return atSetting(
          'region',
          `The bucket "${bucket}" does not lie in the region ${this.#region}. ${region === undefined ? 'Look up which one it is.' : `Its region is ${region}.`}`,
        )
      case 'RequestTimeTooSkewed':
        return new SourceError('The storage says that the clock of this machine is wrong. Let whoever runs Handover set it.')
      case null:
        return atSetting(
          'endpoint',
          `What answers at ${this.#origin} does not speak S3. Give the address of the storage itself, not of its pages.`,
        )
      default:
        return new SourceError(`The storage refused the request (${code}, status ${status}).`)
    }
  }

  readonly #fault = (error: unknown): never => {
    throw withSetting(error, S3_SUSPECTS)
  }

  async #signed(bucket: string, key: string, query: Readonly<Record<string, string>>) {
    const path = [bucket, ...(key === '' ? [] : key.split('/'))].map(encoded).join('/')
    const search = Object.entries(query).map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    const url = `${this.#origin}/${path}${search.length === 0 ? '' : `?${search.join('&')}`}`
    const { accessKey, secretKey } = this.#context.config
    if (secretKey === undefined) return { url, headers: { accept: '*/*' } }
    const datetime = this.#context
      .now()
      .toISOString()
      .replace(/[:-]|\.\d{3}/g, '')
    const signer = new AwsV4Signer({
      url,
      accessKeyId: accessKey.trim(),
      secretAccessKey: secretKey.trim(),
      service: 's3',
      region: this.#region,
      datetime,
    })
    const { headers } = await signer.sign()
    return { url, headers: { accept: '*/*', ...Object.fromEntries(headers) } }
  }
}

/** As Signature Version 4 wants it: also what JavaScript leaves as it is. */
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)

function originOf(endpoint: string): string {
  const url = URL.parse(endpoint)
  if (url !== null && /^https?:$/.test(url.protocol) && url.pathname === '/' && url.search === '' && url.username === '') return url.origin
  throw atSetting(
    'endpoint',
    `"${bareAddress(endpoint)}" is no address of a storage server. Write it like https://s3.example.org, without anything behind.`,
  )
}

const codeIn = (xml: string): string | null => /<Error>[^]*?<Code>(\w{1,80})<\/Code>/.exec(xml)?.[1] ?? null

/** As much of an answer as is searched for what is wrong. */
const LONGEST_PROBLEM = 20_000

const beginningIn = ({ bytes }: Response): string => Buffer.from(bytes.subarray(0, LONGEST_PROBLEM)).toString('utf8')

async function beginningOf({ body }: StreamedResponse): Promise<string> {
  let text = ''
  for await (const chunk of body) {
    text += Buffer.from(chunk).toString('utf8')
    if (text.length > LONGEST_PROBLEM) break
  }
  return text.slice(0, LONGEST_PROBLEM)
}
