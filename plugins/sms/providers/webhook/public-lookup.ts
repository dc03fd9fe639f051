import { lookup, type LookupAddress } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { isPublicAddress } from '../../../../src/domain/sms/private-addresses.ts'

/** Code of the error for a host that is, or resolves to, an address outside the public internet. */
export const privateAddressCode = 'EPRIVATEADDRESS'

type ResolveCallback = (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void
type Resolve = (hostname: string, options: { all: true }, callback: ResolveCallback) => void

/**
 * Creates a lookup that resolves a host for a connection and refuses private addresses (SSRF). The connection uses exactly
 * the addresses that were checked, so DNS rebinding does not help. One private address among several refuses the host.
 */
export function createPublicLookup (resolve: Resolve = lookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '')
      const [first] = addresses
      if (first === undefined || !addresses.every(({ address }) => isPublicAddress(address))) {
        return callback(createPrivateAddressError(), '')
      }
      if (options.all === true) return callback(null, addresses)
      callback(null, first.address, first.family)
    })
  }
}

function createPrivateAddressError (): NodeJS.ErrnoException {
  return Object.assign(new Error('the host is not on the public internet'), { code: privateAddressCode })
}
