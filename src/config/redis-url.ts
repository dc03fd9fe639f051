import { readFileSync } from 'node:fs'
import { parseFlag } from './parsers.ts'

export interface RedisNode { host: string, port: number }

/** PEM texts of a TLS connection. */
export interface RedisCertificates {
  /** Certificates of the authorities that sign the server's certificate; those of Node when unset. */
  ca?: string | undefined
  /** Certificate and private key of this client. */
  cert?: string | undefined
  key?: string | undefined
}

export interface RedisTls extends RedisCertificates {
  /** Name that the server's certificate must have, if it differs from the host of the URL. */
  servername?: string | undefined
  /** False if any certificate of the server is accepted. */
  rejectUnauthorized: boolean
}

export interface RedisCredentials {
  username: string | undefined
  password: string | undefined
}

/** The Redis that REDIS_URL names. */
export interface RedisServer extends RedisCredentials {
  /** The server; the first nodes to ask of a cluster; or the sentinels. */
  nodes: readonly RedisNode[]
  isCluster: boolean
  database: number
  /** Version of IP that host names are resolved to; 0 for both. */
  family: number
  /** Unset for connections without encryption. */
  tls: RedisTls | undefined
  /** Unset unless sentinels name the current master. */
  sentinel: RedisCredentials & { masterName: string, isEncrypted: boolean } | undefined
}

const redisPort = 6379
const sentinelPort = 26379
const schemes = ['redis:', 'rediss:'] as const
const sentinelUrl = /^redis(?<tls>s?)\+sentinel:\/\/(?:(?<user>[^/?#]*)@)?(?<hosts>[^@/?#]*)(?:\/(?<path>[^?#]*))?(?:\?(?<query>[^#]*))?$/

/** Parameters that may follow the `?` of the URL, and the values that each accepts. */
const parameters = new Map<string, (value: string) => boolean>([
  ...['ca', 'cert', 'key', 'servername', 'sentinelUsername', 'sentinelPassword'].map((name) => [name, isFilled] as const),
  ['rejectUnauthorized', isFlag],
  ['sentinelTls', isFlag],
  ['db', isDatabase],
  ['family', (value) => ['0', '4', '6'].includes(value)]
])

function isFilled (value: string): boolean {
  return value !== ''
}

function isFlag (value: string): boolean {
  return parseFlag(value) !== undefined
}

function isDatabase (value: string): boolean {
  return /^\d{1,5}$/.test(value)
}

/** Splits REDIS_URL into its URLs. The hosts of Sentinel have commas between them and are one URL. */
export function splitRedisUrls (text: string): string[] {
  const isSentinel = /^rediss?\+sentinel:/.test(text.trim())
  return (isSentinel ? [text] : text.split(',')).map((url) => url.trim()).filter((url) => url !== '')
}

/**
 * Parses the URLs of REDIS_URL: one server, several nodes of a Redis Cluster, or the sentinels of a master. The nodes of a cluster
 * share the credentials and the parameters of the first URL. `certificates` apply where the URL has no parameter for them.
 * @throws {TypeError} with a message that completes the sentence "REDIS_URL ..." and contains no secrets
 */
export function parseRedisUrls (urls: readonly string[], certificates: RedisCertificates = {}): RedisServer {
  const [first, ...others] = urls
  if (first === undefined) throw new TypeError('a Redis client needs a URL')
  const sentinels = sentinelUrl.exec(first)?.groups
  if (sentinels !== undefined) return parseSentinelUrl(sentinels, certificates)
  const parsed = [first, ...others].map(parseServerUrl)
  const [{ username, password, protocol, pathname, searchParams }] = parsed as [URL, ...URL[]]
  const seen = readParameters(searchParams)
  return {
    nodes: parsed.map(toNode(redisPort)),
    isCluster: others.length > 0,
    ...readCredentials(username, password),
    database: readDatabase(pathname.slice(1), seen),
    family: Number(seen.get('family') ?? 0),
    tls: readTls(protocol === 'rediss:', seen, certificates),
    sentinel: undefined
  }
}

function parseServerUrl (text: string): URL {
  const url = URL.parse(text)
  if (url === null || !schemes.some((scheme) => scheme === url.protocol)) {
    throw new TypeError('is not a URL that begins with redis:, rediss:, redis+sentinel: or rediss+sentinel:')
  }
  return url
}

function parseSentinelUrl (
  { tls, user = '', hosts = '', path = '', query }: Record<string, string | undefined>, certificates: RedisCertificates
): RedisServer {
  const nodes = hosts.split(',').map((host) => URL.parse(`redis://${host.trim()}`))
  if (nodes.includes(null) || nodes.some((node) => node?.hostname === '')) {
    throw new TypeError('has a malformed list of sentinels: write redis+sentinel://host:port,host:port/name')
  }
  const [name = '', database = '', ...rest] = path.split('/')
  if (name === '' || rest.length > 0) throw new TypeError('does not name the master after the sentinels, such as /mymaster')
  const seen = readParameters(new URLSearchParams(query))
  const [username = '', ...password] = user.split(':')
  const server = readTls(tls === 's', seen, certificates)
  return {
    nodes: (nodes as URL[]).map(toNode(sentinelPort)),
    isCluster: false,
    ...readCredentials(username, password.join(':')),
    database: readDatabase(database, seen),
    family: Number(seen.get('family') ?? 0),
    tls: server,
    sentinel: {
      masterName: decode(name),
      username: seen.get('sentinelUsername'),
      password: seen.get('sentinelPassword'),
      isEncrypted: server !== undefined && parseFlag(seen.get('sentinelTls') ?? 'on') === true
    }
  }
}

const toNode = (defaultPort: number) => ({ hostname, port }: URL): RedisNode => ({
  // The address of an IPv6 host is in brackets in a URL only.
  host: hostname === '' ? 'localhost' : hostname.replace(/^\[|\]$/g, ''),
  port: port === '' ? defaultPort : Number(port)
})

function readParameters (query: URLSearchParams): ReadonlyMap<string, string> {
  const seen = new Map<string, string>()
  for (const [name, value] of query) {
    const isValid = parameters.get(name)
    if (isValid === undefined) throw new TypeError(`has an unknown parameter; the known ones are ${[...parameters.keys()].join(', ')}`)
    if (seen.has(name)) throw new TypeError(`has ${name} twice`)
    if (!isValid(value)) throw new TypeError(`has a malformed ${name}`)
    seen.set(name, value)
  }
  return seen
}

function readCredentials (username: string, password: string): RedisCredentials {
  return { username: username === '' ? undefined : decode(username), password: password === '' ? undefined : decode(password) }
}

function decode (text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new TypeError('has a % that begins no escape: write it as %25')
  }
}

function readDatabase (path: string, seen: ReadonlyMap<string, string>): number {
  const text = path === '' ? seen.get('db') ?? '0' : path
  if (!isDatabase(text)) throw new TypeError('has a path that is not the number of a database')
  return Number(text)
}

function readTls (isEncrypted: boolean, seen: ReadonlyMap<string, string>, certificates: RedisCertificates): RedisTls | undefined {
  const files = Object.fromEntries((['ca', 'cert', 'key'] as const).map((name) => [name, seen.get(name)]))
  const isUsed = [...Object.values(files), seen.get('servername'), seen.get('rejectUnauthorized')].some((value) => value !== undefined)
  if (isUsed && !isEncrypted) throw new TypeError('has parameters of TLS, which only rediss: and rediss+sentinel: use')
  if (!isEncrypted) return undefined
  const own = Object.fromEntries(Object.entries(files).flatMap(([name, file]) => file === undefined ? [] : [[name, readPem(file)]]))
  const { ca, cert, key }: RedisCertificates = { ...certificates, ...own }
  if ((cert === undefined) !== (key === undefined)) throw new TypeError('has only one of cert and key; a client certificate needs both')
  return { ca, cert, key, servername: seen.get('servername'), rejectUnauthorized: parseFlag(seen.get('rejectUnauthorized') ?? '') ?? true }
}

/**
 * Reads a certificate or key: a PEM text, or the path of a file with one.
 * @throws {TypeError} with a message that completes a sentence about the setting
 */
export function readPem (source: string): string {
  if (source.startsWith('-----BEGIN ')) return source
  let text
  try {
    text = readFileSync(source, 'utf8')
  } catch (error) {
    throw new TypeError(`names a file that cannot be read (${String((error as NodeJS.ErrnoException).code)})`, { cause: error })
  }
  if (!text.includes('-----BEGIN ')) throw new TypeError('names a file without a PEM text, which begins with -----BEGIN')
  return text
}
