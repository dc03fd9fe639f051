import { createHash, createHmac } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { Refusal } from './refusal.ts'

export interface Credentials {
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string
}

export interface SignedRequest {
  method: string
  /** Path and query, unchanged. */
  url: string
  headers: IncomingHttpHeaders
}

export interface Signer {
  credentials: Credentials
  region: string
  /** Time of the server. */
  now: number
}

/** The clock skew that S3 allows. */
const maximumSkewMs = 15 * 60_000
const authorizationPattern = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()
const encode = (text: string) => encodeURIComponent(text)
  .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)

/**
 * Checks Signature Version 4 as S3 does.
 * @returns the hash that the body must have
 * @throws {Refusal}
 */
export function checkSignature (request: SignedRequest, { credentials, region, now }: Signer): string {
  const { headers } = request
  const [, accessKeyId, day = '', scopeRegion, names = '', signature] = authorizationPattern.exec(headers.authorization ?? '') ?? []
  if (signature === undefined) throw new Refusal(403, 'AccessDenied')
  if (accessKeyId !== credentials.accessKeyId) throw new Refusal(403, 'InvalidAccessKeyId')
  if (headers['x-amz-security-token'] !== credentials.sessionToken) throw new Refusal(403, 'InvalidToken')
  const time = String(headers['x-amz-date'])
  if (scopeRegion !== region || !time.startsWith(day)) throw new Refusal(400, 'AuthorizationHeaderMalformed')
  if (!(Math.abs(parseTime(time) - now) <= maximumSkewMs)) throw new Refusal(403, 'RequestTimeTooSkewed')

  const signed = names.split(';')
  const mustBeSigned = ['host', ...Object.keys(headers).filter((name) => name.startsWith('x-amz-'))]
  if (!mustBeSigned.every((name) => signed.includes(name))) throw new Refusal(403, 'AccessDenied')

  const canonical = createHash('sha256').update(canonicalRequest(request, signed)).digest('hex')
  const text = ['AWS4-HMAC-SHA256', time, `${day}/${region}/s3/aws4_request`, canonical].join('\n')
  const key = [day, region, 's3', 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${credentials.secretAccessKey}`)
  if (hmac(key, text).toString('hex') !== signature) throw new Refusal(403, 'SignatureDoesNotMatch')
  return String(headers['x-amz-content-sha256'])
}

function canonicalRequest ({ method, url, headers }: SignedRequest, signed: string[]): string {
  const [path = '', query = ''] = url.split('?')
  const pairs = query.split('&').filter((pair) => pair !== '').map((pair) => {
    const [name = '', value = ''] = pair.split('=').map((part) => encode(decodeURIComponent(part)))
    return `${name}=${value}`
  })
  const lines = signed.map((name) => `${name}:${String(headers[name]).trim().replace(/ +/g, ' ')}\n`)
  const canonicalPath = path.split('/').map((part) => encode(decodeURIComponent(part))).join('/')
  return [method, canonicalPath, pairs.sort().join('&'), lines.join(''), signed.join(';'), headers['x-amz-content-sha256']].join('\n')
}

/** `20261231T235959Z` */
function parseTime (time: string): number {
  return Date.parse(time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
}
