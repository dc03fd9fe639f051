import { createNetworkTest, parseNetwork } from '../http/networks.ts'

/** Names that Express and Fastify give to networks, so that operators can write them in TRUST_PROXY. */
const namedNetworks = new Map<string, readonly string[]>([
  ['loopback', ['127.0.0.0/8', '::1']],
  ['linklocal', ['169.254.0.0/16', 'fe80::/10']],
  ['uniquelocal', ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']]
])

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

/** Creates a function that tells whether an address, such as an entry of X-Forwarded-For, belongs to a trusted proxy. */
export function createProxyTrust (entries: readonly string[]): (address: string | undefined) => boolean {
  const networks = entries.flatMap((entry) => namedNetworks.get(entry) ?? [entry]).map(parseNetwork)
  return createNetworkTest(networks.filter((network) => network !== undefined))
}
