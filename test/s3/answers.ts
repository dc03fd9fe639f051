import type { ServerResponse } from 'node:http'
import type { Fault } from './faults.ts'
import type { StoredObject } from './objects.ts'

export interface Answer {
  status: number
  headers?: Record<string, string>
  body?: Buffer
  /** The head of an answer without a body. */
  contentLength?: number
}

const escape = (text: string) => text.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`)
const xml = (status: number, text: string): Answer =>
  ({ status, headers: { 'content-type': 'application/xml' }, body: Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${text}`) })

/** Without a code the answer has no body. */
export function errorAnswer (status: number, code: string): Answer {
  if (code === '') return { status }
  return xml(status, `<Error><Code>${escape(code)}</Code><Message>${escape(code)}</Message></Error>`)
}

export interface Page {
  bucket: string
  prefix: string
  objects: StoredObject[]
  /** The key at which the next page begins. */
  token: string | undefined
}

export function pageAnswer ({ bucket, prefix, objects, token }: Page): Answer {
  const contents = objects.map(({ key, storedAt, etag, byteCount }) =>
    `<Contents><Key>${escape(key)}</Key><LastModified>${storedAt}</LastModified><ETag>&quot;${etag}&quot;</ETag><Size>${byteCount}</Size></Contents>`)
  const next = token === undefined ? '' : `<NextContinuationToken>${escape(token)}</NextContinuationToken>`
  return xml(200, `<ListBucketResult><Name>${bucket}</Name><Prefix>${escape(prefix)}</Prefix><KeyCount>${objects.length}</KeyCount>` +
    `<IsTruncated>${token !== undefined}</IsTruncated>${next}${contents.join('')}</ListBucketResult>`)
}

export function describeObject ({ byteCount, contentType, etag, storedAt, metadata }: StoredObject): Answer {
  const headers = {
    etag: `"${etag}"`, 'last-modified': new Date(storedAt).toUTCString(), 'content-type': contentType, 'accept-ranges': 'bytes', ...metadata
  }
  return { status: 200, headers, contentLength: byteCount }
}

/** Sends an answer, with the fault if one is given. */
export function sendAnswer (response: ServerResponse, answer: Answer, fault: Fault | undefined): void {
  const { status, headers, body = Buffer.alloc(0), contentLength = body.length } = answer
  const difference = fault?.kind === 'length' ? fault.differenceBytes : 0
  response.writeHead(status, { ...headers, ...(status === 204 ? {} : { 'content-length': contentLength + difference }) })
  if (fault?.kind !== 'stall' && fault?.kind !== 'cut') {
    response.end(body)
    return
  }
  response.flushHeaders()
  response.write(body.subarray(0, fault.afterBytes), () => {
    if (fault.kind === 'cut') response.destroy()
  })
}
