import { isIP } from 'node:net'

/**
 * What of a client's address may be kept and shown: `203.0.113.x` of IPv4, also where it comes as IPv6, the first
 * three groups of other IPv6 (`2001:db8:1::x`), nothing of anything else.
 */
export function maskAddress (address: string | undefined): string | null {
  if (address === undefined || isIP(address) === 0) return null
  const ipv4 = /^(?:::ffff:)?(\d+\.\d+\.\d+)\.\d+$/i.exec(address)?.[1]
  return ipv4 === undefined ? maskIpv6(address) : `${ipv4}.x`
}

function maskIpv6 (address: string): string {
  // A URL has IPv6 in its shortest form, an IPv4 part in hexadecimal; the zone is no part of it.
  const host = new URL(`http://[${address.replace(/%.*$/s, '')}]`).hostname.slice(1, -1)
  const mapped = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(host)
  if (mapped !== null) {
    const [high, low] = mapped.slice(1).map((group) => Number.parseInt(group, 16)) as [number, number]
    return `${high >> 8}.${high & 255}.${low >> 8}.x`
  }
  const [head = '', tail] = host.split('::').map((part) => part.split(':').filter((group) => group !== ''))
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - head.length - tail.length }, () => '0')
  return `${[...head, ...zeros, ...tail ?? []].slice(0, 3).join(':')}::x`
}
