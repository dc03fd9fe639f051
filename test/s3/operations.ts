import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { describeObject, pageAnswer, type Answer } from './answers.ts'
import type { Operation } from './faults.ts'
import type { Bucket, openBuckets, StoredObject } from './objects.ts'
import { Refusal } from './refusal.ts'

export interface Target {
  operation: Operation
  bucket: string
  key: string
  query: URLSearchParams
}

export interface Abilities {
  /** Maximum of objects in a page of a list. */
  pageSize: number
  /** Whether PUT supports `If-None-Match`; otherwise it answers with `conditionRefusal`. */
  isConditional: boolean
  /** Without a code the answer has no body. */
  conditionRefusal: { status: number, code: string }
}

export interface Work extends Abilities {
  buckets: Awaited<ReturnType<typeof openBuckets>>
  target: Target
  request: IncomingMessage
  /** Hash of the body, taken from the signature. */
  bodyHash: string
}

/** Parses the operation of a request; only the path style is supported. */
export function readTarget ({ method, url = '' }: IncomingMessage): Target {
  const { pathname, searchParams: query } = new URL(url, 'http://localhost')
  const [, bucket = '', ...rest] = pathname.split('/')
  const key = decodeURIComponent(rest.join('/'))
  const operations: Record<string, Operation> = key === ''
    ? { PUT: 'CreateBucket', HEAD: 'HeadBucket', GET: 'ListObjectsV2' }
    : { PUT: 'PutObject', HEAD: 'HeadObject', GET: 'GetObject', DELETE: 'DeleteObject' }
  const operation = operations[String(method)]
  if (operation === undefined || bucket === '') throw new Refusal(501, 'NotImplemented')
  return { operation, bucket, key, query }
}

/** @throws {Refusal} */
export async function perform (work: Work): Promise<Answer> {
  const { buckets, target: { operation, bucket: name, key }, request } = work
  if (operation === 'CreateBucket') {
    await buckets.create(name)
    return { status: 200 }
  }
  const bucket = buckets.find(name)
  if (bucket === undefined) throw new Refusal(404, 'NoSuchBucket')
  if (operation === 'HeadBucket') return { status: 200 }
  if (operation === 'ListObjectsV2') return listObjects(work, bucket)
  if (operation === 'PutObject') return await putObject(work, bucket)
  if (operation === 'DeleteObject') {
    await bucket.delete(key)
    return { status: 204 }
  }
  const object = bucket.find(key)
  if (object === undefined) throw new Refusal(404, 'NoSuchKey')
  if (operation === 'HeadObject') return describeObject(object)
  return readRange(object, await bucket.read(object), request.headers.range)
}

async function putObject ({ request, target: { key }, bodyHash, isConditional, conditionRefusal }: Work, bucket: Bucket): Promise<Answer> {
  const { headers } = request
  if (headers['content-length'] === undefined) throw new Refusal(411, 'MissingContentLength')
  if (!/^[0-9a-f]{64}$/.test(bodyHash)) throw new Refusal(501, 'NotImplemented')
  const condition = headers['if-none-match']
  if (condition !== undefined && !isConditional) throw new Refusal(conditionRefusal.status, conditionRefusal.code)
  const bytes = await buffer(request)
  if (createHash('sha256').update(bytes).digest('hex') !== bodyHash) throw new Refusal(400, 'XAmzContentSHA256Mismatch')
  if (condition !== undefined && bucket.find(key) !== undefined) throw new Refusal(412, 'PreconditionFailed')
  const { etag } = await bucket.put({ key, bytes, contentType: String(headers['content-type']), metadata: metadataOf(headers) })
  return { status: 200, headers: { etag: `"${etag}"` } }
}

function metadataOf (headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('x-amz-meta-'))
    .map(([name, value]) => [name, String(value)]))
}

function readRange (object: StoredObject, bytes: Buffer, range: string | undefined): Answer {
  const whole = describeObject(object)
  const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? []
  if (start === undefined) return { ...whole, body: bytes }
  if (Number(start) >= bytes.length) throw new Refusal(416, 'InvalidRange')
  const body = bytes.subarray(Number(start), Number(end) + 1)
  const contentRange = `bytes ${start}-${Number(start) + body.length - 1}/${bytes.length}`
  return { status: 206, headers: { ...whole.headers, 'content-range': contentRange }, body }
}

function listObjects ({ target: { bucket: name, query }, pageSize }: Work, bucket: Bucket): Answer {
  if (query.get('list-type') !== '2') throw new Refusal(501, 'NotImplemented')
  const prefix = query.get('prefix') ?? ''
  const after = Buffer.from(query.get('continuation-token') ?? '', 'base64url').toString()
  const limit = Math.min(pageSize, Number(query.get('max-keys') ?? pageSize))
  const rest = bucket.list(prefix).filter(({ key }) => Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0)
  const objects = rest.slice(0, limit)
  const token = rest.length > limit ? Buffer.from(String(objects.at(-1)?.key)).toString('base64url') : undefined
  return pageAnswer({ bucket: name, prefix, objects, token })
}
