import { isIP } from 'node:net'
import { createNetworkTest, parseNetwork } from '../domain/http/networks.ts'
import { getHost, isLoopback } from './hosts.ts'

/** The proxies through which the service calls other servers. */
export interface OutboundProxies {
  /** URL of the proxy for `http:`, which may contain credentials; also for `https:` if that has none. */
  httpProxy: string | undefined
  /** URL of the proxy for `https:`. */
  httpsProxy: string | undefined
  /** Hosts that are called directly. */
  noProxy: readonly string[]
}

/**
 * Returns the URL of the proxy for a request, `undefined` for a direct call. The variables mean what they mean to undici's
 * `EnvHttpProxyAgent`, and NO_PROXY may also contain networks, as for curl. A loopback address, such as that of the carrier
 * emulator, is always called directly.
 */
export function findProxy (url: URL, { httpProxy, httpsProxy, noProxy }: OutboundProxies): string | undefined {
  const host = getHost(url).replace(/\.$/, '')
  if (isLoopback(host) || host.endsWith('.localhost')) return undefined
  const proxy = url.protocol === 'https:' ? httpsProxy ?? httpProxy : httpProxy
  const port = url.port === '' ? (url.protocol === 'https:' ? '443' : '80') : url.port
  return noProxy.some((entry) => matches(entry.toLowerCase(), host, port)) ? undefined : proxy
}

/** An entry is `*`, a domain (with or without a leading dot or `*.`), an address or a network, with or without a port. */
function matches (entry: string, host: string, port: string): boolean {
  const { pattern, entryPort } = splitPort(entry)
  if (entryPort !== undefined && entryPort !== port) return false
  if (pattern === '*') return true
  if (isIP(host) !== 0) return isInNetwork(pattern, host)
  const domain = pattern.replace(/^\*?\./, '').replace(/\.$/, '')
  if (domain === '') return false
  return host.endsWith(`.${domain}`) || (domain === host && !pattern.startsWith('*.'))
}

/** An IPv6 address with a port has brackets. */
function splitPort (entry: string): { pattern: string, entryPort: string | undefined } {
  const [, bracketed, bracketedPort] = /^\[(.+)\](?::(\d+))?$/.exec(entry) ?? []
  if (bracketed !== undefined) return { pattern: bracketed, entryPort: bracketedPort }
  const [, pattern = entry, entryPort] = /^([^:]+):(\d+)$/.exec(entry) ?? []
  return { pattern, entryPort }
}

/** Returns whether an address is this address, or belongs to this network in CIDR notation; false for other patterns. */
function isInNetwork (pattern: string, address: string): boolean {
  const network = parseNetwork(pattern)
  return network !== undefined && createNetworkTest([network])(address)
}
