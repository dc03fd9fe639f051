import { isIPv4, isIPv6, SocketAddress } from 'node:net'

/** The bucket of every request whose address is missing or is none. */
export const unknownAddress = 'unknown'

const mappedPrefix = '::ffff:'

/**
 * What stands for a client in limits: an IPv4 address, an IPv6 network (/64, as one subscriber gets, in RFC 5952
 * spelling), or `unknownAddress`. However an address is written, its bucket is the same.
 */
export function bucketOf (address: string | undefined): string {
  const plain = canonical(address)
  if (plain === undefined) return unknownAddress
  if (isIPv4(plain)) return plain
  return `${respell(`${toGroups(plain).slice(0, 4).join(':')}::`)}/64`
}

/** Enough for its owner to recognise it, such as `203.0.113.x` or `2001:db8:1::x`; null for what is no address. */
export function maskAddress (address: string | undefined): string | null {
  const plain = canonical(address)
  if (plain === undefined) return null
  if (isIPv4(plain)) return plain.replace(/\d+$/, 'x')
  return `${toGroups(plain).slice(0, 3).join(':')}::x`
}

/** The one spelling of an address: IPv4 for IPv4-mapped, lower case, without a zone. */
function canonical (address = ''): string | undefined {
  if (isIPv4(address)) return address
  if (!isIPv6(address)) return undefined
  const plain = respell(address.replace(/%.*/, ''))
  // Written with dots, however it came.
  return plain.startsWith(mappedPrefix) && isIPv4(plain.slice(mappedPrefix.length)) ? plain.slice(mappedPrefix.length) : plain
}

function respell (address: string): string {
  return new SocketAddress({ family: 'ipv6', address }).address
}

/** The groups of an address in canonical spelling, with the zeros that `::` stands for. Dots only end one that begins with zeros. */
function toGroups (address: string): string[] {
  const [head = '', tail] = address.split('::')
  const before = head.split(':').filter(Boolean)
  if (tail === undefined) return before
  const after = tail.split(':').filter(Boolean)
  return [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after]
}
