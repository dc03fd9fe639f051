import { BlockList, isIP } from 'node:net'

/** Networks outside the public internet: https://www.iana.org/assignments/iana-ipv4-special-registry, multicast and reserved ones. */
const networks: Array<[string, number]> = [
  ['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.0.0', 24],
  ['192.0.2.0', 24], ['192.88.99.0', 24], ['192.168.0.0', 16], ['198.18.0.0', 15], ['198.51.100.0', 24], ['203.0.113.0', 24],
  ['224.0.0.0', 4], ['240.0.0.0', 4]
]

/** The same for IPv6: https://www.iana.org/assignments/iana-ipv6-special-registry. Teredo and 6to4 can lead to any IPv4 address. */
const networks6: Array<[string, number]> = [
  ['::', 96], ['64:ff9b:1::', 48], ['100::', 64], ['2001::', 23], ['2001:db8::', 32], ['2002::', 16], ['3fff::', 20], ['5f00::', 16],
  ['fc00::', 7], ['fe80::', 10], ['fec0::', 10], ['ff00::', 8]
]

const closed = new BlockList()
for (const [network, bits] of networks) {
  closed.addSubnet(network, bits, 'ipv4')
  // The same network in IPv4-mapped, IPv4-translated (RFC 2765) and NAT64 notation, which lead to public addresses too.
  for (const prefix of ['::ffff:', '::ffff:0:', '64:ff9b::']) closed.addSubnet(`${prefix}${network}`, 96 + bits, 'ipv6')
}
for (const [network, bits] of networks6) closed.addSubnet(network, bits, 'ipv6')

/** Returns whether an IP address belongs to the public internet; false for other texts. */
export function isPublicAddress (address: string): boolean {
  const family = isIP(address)
  return family !== 0 && !address.includes('%') && !closed.check(address, family === 4 ? 'ipv4' : 'ipv6')
}
