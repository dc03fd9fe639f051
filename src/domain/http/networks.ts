import { BlockList, isIP, isIPv4 } from 'node:net'
import { readAddress } from '../auth/client-address.ts'

/** A network in CIDR notation; an address alone is a network of its own. */
export interface Network { address: string, family: 'ipv4' | 'ipv6', bits: number }

/** The first bits of an IPv4-mapped IPv6 address, before those of the IPv4 address (RFC 4291, §2.5.5.2). */
const mappedBits = 96

const familyOf = (address: string) => isIPv4(address) ? 'ipv4' : 'ipv6'

/** Parses an address or a CIDR range; returns `undefined` for any other text. An IPv4-mapped range is one of IPv4. */
export function parseNetwork (text: string): Network | undefined {
  const [given = '', range, ...rest] = text.split('/')
  const address = isIP(given) === 0 ? undefined : readAddress(given)
  if (address === undefined || rest.length > 0 || (range !== undefined && !/^\d{1,3}$/.test(range))) return undefined
  const longest = isIPv4(address) ? 32 : 128
  const isMapped = isIPv4(address) && !isIPv4(given)
  const bits = range === undefined ? longest : Number(range) - (isMapped ? mappedBits : 0)
  return bits > longest ? undefined : { address, family: familyOf(address), bits }
}

/**
 * Creates a function that tells whether an address belongs to one of the networks. The address may have a port; a text that is not an
 * address belongs to none. An IPv4-mapped address counts as IPv4, which no range of IPv6 contains.
 */
export function createNetworkTest (networks: readonly Network[]): (address: string | undefined) => boolean {
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() }
  for (const { address, bits, family } of networks) lists[family].addSubnet(address, bits, family)
  return (text) => {
    const address = readAddress(text)
    return address !== undefined && lists[familyOf(address)].check(address, familyOf(address))
  }
}
