import { fileURLToPath } from 'node:url'
import { parseFlag } from './parsers.ts'

export interface FileLocation { kind: 'file', folder: string }

export interface S3Location {
  kind: 's3'
  bucket: string
  /** Prepended to each key: `''`, or a path that ends with a slash. */
  prefix: string
  region: string
  /** URL of the server; AWS when unset. */
  endpoint: string | undefined
  /** The bucket is the first part of the path instead of the host name. */
  isPathStyle: boolean
}

export type StorageLocation = FileLocation | S3Location

const bucketPattern = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/
const prefixPattern = /^(\/[A-Za-z0-9._-]+)*\/?$/
const parameters: Record<string, (value: string) => boolean> = {
  endpoint: isEndpoint,
  region: (value) => /^[a-z0-9-]+$/.test(value),
  path_style: (value) => parseFlag(value) !== undefined
}

/**
 * Parses STORAGE_URL.
 * @throws {TypeError} with a message that completes the sentence "STORAGE_URL ..." and contains no secrets
 */
export function parseStorageUrl (text: string): StorageLocation {
  const url = URL.parse(text)
  if (url?.protocol === 'file:') return parseFileUrl(text, url)
  if (url?.protocol === 's3:') return parseS3Url(url)
  throw new TypeError('is not a URL that begins with file: or s3:')
}

function parseFileUrl (text: string, url: URL): FileLocation {
  // The URL parser reads `file:uploads` as /uploads without a warning.
  if (!text.slice('file:'.length).startsWith('/') || url.host !== '' || url.pathname === '/' || /%2f/i.test(url.pathname)) {
    throw new TypeError('does not name a folder by its absolute path, such as file:/srv/uploads')
  }
  if (url.search !== '' || url.hash !== '') throw new TypeError('has a ? or #, which must be written %3F and %23 in a file: URL')
  return { kind: 'file', folder: fileURLToPath(url) }
}

function parseS3Url (url: URL): S3Location {
  if (url.username !== '' || url.password !== '') {
    throw new TypeError('has credentials; they go into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY')
  }
  if (!bucketPattern.test(url.host)) throw new TypeError('does not name a bucket, such as s3://bucket/prefix')
  if (!prefixPattern.test(url.pathname)) {
    throw new TypeError('has a prefix with other characters than letters, digits, dots, hyphens and underscores')
  }
  if (url.hash !== '') throw new TypeError('has a #')
  const seen = new Map<string, string>()
  for (const [name, value] of url.searchParams) {
    if (parameters[name] === undefined) {
      throw new TypeError(`has an unknown parameter; the known ones are ${Object.keys(parameters).join(', ')}`)
    }
    if (seen.has(name)) throw new TypeError(`has ${name} twice`)
    if (!parameters[name](value)) throw new TypeError(`has a malformed ${name}`)
    seen.set(name, value)
  }
  const prefix = url.pathname.replace(/^\/|\/$/g, '')
  const endpoint = seen.get('endpoint')
  return {
    kind: 's3',
    bucket: url.host,
    prefix: prefix === '' ? '' : `${prefix}/`,
    region: seen.get('region') ?? 'us-east-1',
    endpoint,
    isPathStyle: parseFlag(seen.get('path_style') ?? '') ?? endpoint !== undefined
  }
}

function isEndpoint (value: string): boolean {
  const url = URL.parse(value)
  if (url === null || !['http:', 'https:'].includes(url.protocol)) return false
  return url.username === '' && url.password === '' && url.search === '' && url.hash === ''
}
