import { isIPv4, isIPv6, SocketAddress } from 'node:net'

/** The bucket of all requests whose address is missing or invalid. */
export const unknownAddress = 'unknown'

const mappedPrefix = '::ffff:'

/**
 * The bucket that rate limits count an address in: an IPv4 address, an IPv6 /64 network in RFC 5952 spelling (the network of
 * one subscriber), or `unknownAddress`. All spellings of an address have the same bucket.
 */
export function bucketOf (address: string | undefined): string {
  const plain = readAddress(address)
  if (plain === undefined) return unknownAddress
  if (isIPv4(plain)) return plain
  return `${respell(`${toGroups(plain).slice(0, 4).join(':')}::`)}/64`
}

/** A mask that its owner can recognize, such as `203.0.113.x` or `2001:db8:1::x`; `null` for an invalid address. */
export function maskAddress (address: string | undefined): string | null {
  const plain = readAddress(address)
  if (plain === undefined) return null
  if (isIPv4(plain)) return plain.replace(/\d+$/, 'x')
  return `${toGroups(plain).slice(0, 3).join(':')}::x`
}

/** Some proxies add the port of the client, and then put an IPv6 address in brackets: `203.0.113.7:4121`, `[2001:db8::1]:443`. */
const addressWithPort = /^(?:([\d.]+):\d{1,5}|\[([^\]]+)\](?::\d{1,5})?)$/

/**
 * Reads the address of a socket or of an entry of X-Forwarded-For, which may have a port. Returns its canonical spelling: IPv4 for an
 * IPv4-mapped one, lower case, without brackets and zone; `undefined` for a text that is not an address, such as `unknown`.
 */
export function readAddress (text = ''): string | undefined {
  const [, ipv4, ipv6] = addressWithPort.exec(text) ?? []
  const address = ipv4 ?? ipv6 ?? text
  if (isIPv4(address)) return address
  if (!isIPv6(address)) return undefined
  const plain = respell(address.replace(/%.*/, ''))
  // The system spells an IPv4-mapped address with dots.
  return plain.startsWith(mappedPrefix) && isIPv4(plain.slice(mappedPrefix.length)) ? plain.slice(mappedPrefix.length) : plain
}

function respell (address: string): string {
  return new SocketAddress({ family: 'ipv6', address }).address
}

/** Returns the groups of a canonical address, with the zeros that `::` stands for. A canonical address with dots begins with zeros. */
function toGroups (address: string): string[] {
  const [head = '', tail] = address.split('::')
  const before = head.split(':').filter(Boolean)
  if (tail === undefined) return before
  const after = tail.split(':').filter(Boolean)
  return [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after]
}
