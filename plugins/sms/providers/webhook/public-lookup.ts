import { lookup, type LookupAddress } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { isPublicAddress } from '../../../../src/domain/sms/private-addresses.ts'

/** Of the error where a host is, or resolves to, an address that is not of the public internet. */
export const privateAddressCode = 'EPRIVATEADDRESS'

type Resolve = (hostname: string, options: { all: true }, callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void) => void

/**
 * Resolves a host for a connection, which is then made to the very addresses that were checked: a name that resolves
 * differently the next time gains nothing. One private address among others refuses the name.
 */
export function createPublicLookup (resolve: Resolve = lookup): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '')
      const [first] = addresses
      if (first === undefined || !addresses.every(({ address }) => isPublicAddress(address))) return callback(privateAddress(), '')
      if (options.all === true) return callback(null, addresses)
      callback(null, first.address, first.family)
    })
  }
}

function privateAddress (): NodeJS.ErrnoException {
  return Object.assign(new Error('the host is not on the public internet'), { code: privateAddressCode })
}
