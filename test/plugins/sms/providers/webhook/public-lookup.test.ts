import type { LookupAddress, LookupOptions } from 'node:dns'
import t from 'tap'
import { createPublicLookup, privateAddressCode } from '../../../../../plugins/sms/providers/webhook/public-lookup.ts'

const publicAddresses: LookupAddress[] = [{ address: '8.8.8.8', family: 4 }, { address: '2606:4700::1111', family: 6 }]

/** Looks up a name with these addresses; returns the arguments of the callback. */
async function lookUp (
  addresses: LookupAddress[], options: LookupOptions, failure: NodeJS.ErrnoException | null = null
): Promise<unknown[]> {
  const lookup = createPublicLookup((_hostname, _options, callback) => callback(failure, addresses))
  return await new Promise((resolve) => { lookup('sms.example', options, (...args) => resolve(args)) })
}

t.test('a lookup returns all public addresses or the first one, as requested', async (t) => {
  t.same(await lookUp(publicAddresses, { all: true }), [null, publicAddresses])
  t.same(await lookUp(publicAddresses, {}), [null, '8.8.8.8', 4])
})

t.test('a name with one private address is refused', async (t) => {
  for (const address of ['127.0.0.1', '10.0.0.1', '::ffff:10.0.0.1', 'fe80::1']) {
    for (const addresses of [[{ address, family: 4 }], [...publicAddresses, { address, family: 4 }]]) {
      for (const options of [{ all: true }, {}]) t.match(await lookUp(addresses, options), [{ code: privateAddressCode }], address)
    }
  }
})

t.test('a name without addresses and an unknown name are refused', async (t) => {
  t.match(await lookUp([], { all: true }), [{ code: privateAddressCode }])
  t.match(await lookUp([], { all: true }, Object.assign(new Error('not found'), { code: 'ENOTFOUND' })), [{ code: 'ENOTFOUND' }])
})

t.test('the default is the resolver of the system, and localhost is refused', async (t) => {
  const lookup = createPublicLookup()
  const [error] = await new Promise<unknown[]>((resolve) => { lookup('localhost', { all: true }, (...args) => resolve(args)) })
  t.match(error, { code: privateAddressCode })
})
