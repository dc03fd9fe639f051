import { BlockList, isIP, isIPv4 } from 'node:net'
import { readAddress } from './client-address.ts'

/** Names that Express and Fastify give to networks, so that operators can write them in TRUST_PROXY. */
const namedNetworks = new Map<string, readonly string[]>([
  ['loopback', ['127.0.0.0/8', '::1']],
  ['linklocal', ['169.254.0.0/16', 'fe80::/10']],
  ['uniquelocal', ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']]
])

interface Network { address: string, family: 'ipv4' | 'ipv6', bits: number }

/** The first bits of an IPv4-mapped IPv6 address, before those of the IPv4 address (RFC 4291, §2.5.5.2). */
const mappedBits = 96

/** Parses an address or a CIDR range; returns `undefined` for any other text. An IPv4-mapped range is one of IPv4. */
function parseNetwork (text: string): Network | undefined {
  const [given = '', range, ...rest] = text.split('/')
  const address = isIP(given) === 0 ? undefined : readAddress(given)
  if (address === undefined || rest.length > 0 || (range !== undefined && !/^\d{1,3}$/.test(range))) return undefined
  const longest = isIPv4(address) ? 32 : 128
  const isMapped = isIPv4(address) && !isIPv4(given)
  const bits = range === undefined ? longest : Number(range) - (isMapped ? mappedBits : 0)
  return bits > longest ? undefined : { address, family: isIPv4(address) ? 'ipv4' : 'ipv6', bits }
}

/**
 * Returns what is wrong with an entry of TRUST_PROXY, as the end of a sentence. A number of hops, `true` or a range of all addresses
 * would let clients choose the address that limits are counted by.
 */
export function findNetworkProblem (entry: string): string | undefined {
  if (namedNetworks.has(entry)) return undefined
  const network = parseNetwork(entry)
  if (network === undefined) {
    return `: ${entry} is not an address or CIDR range, and not loopback, linklocal or uniquelocal. ` +
      'Name the networks of your proxies; a number of hops or "true" would trust an address that the client wrote'
  }
  if (network.bits > 0) return undefined
  return `: ${entry} contains every client, so the service would trust an address that the client wrote. Name the networks of your proxies`
}

/**
 * Creates a function that tells whether an address belongs to a trusted proxy. It accepts the entries of X-Forwarded-For, which may
 * have a port; a text that is not an address is not trusted. An IPv4-mapped address counts as IPv4, which no range of IPv6 contains.
 */
export function createProxyTrust (entries: readonly string[]): (address: string | undefined) => boolean {
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() }
  const networks = entries.flatMap((entry) => namedNetworks.get(entry) ?? [entry]).map(parseNetwork)
  for (const { address, bits, family } of networks.filter((network) => network !== undefined)) {
    lists[family].addSubnet(address, bits, family)
  }
  return (text) => {
    const address = readAddress(text)
    if (address === undefined) return false
    const family = isIPv4(address) ? 'ipv4' : 'ipv6'
    return lists[family].check(address, family)
  }
}
