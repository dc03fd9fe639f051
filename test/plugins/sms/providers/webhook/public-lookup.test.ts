import type { LookupAddress, LookupOptions } from 'node:dns'
import t from 'tap'
import { createPublicLookup, privateAddressCode } from '../../../../../plugins/sms/providers/webhook/public-lookup.ts'

const publicOnes: LookupAddress[] = [{ address: '8.8.8.8', family: 4 }, { address: '2606:4700::1111', family: 6 }]

/** What a connection is told, of a name with these addresses. */
async function lookUp (addresses: LookupAddress[], options: LookupOptions, failure: NodeJS.ErrnoException | null = null): Promise<unknown[]> {
  const lookup = createPublicLookup((_hostname, _options, callback) => callback(failure, addresses))
  return await new Promise((resolve) => { lookup('sms.example', options, (...args) => resolve(args)) })
}

t.test('public addresses are given as they were asked for: all, or the first', async (t) => {
  t.same(await lookUp(publicOnes, { all: true }), [null, publicOnes])
  t.same(await lookUp(publicOnes, {}), [null, '8.8.8.8', 4])
})

t.test('one private address refuses the name', async (t) => {
  for (const address of ['127.0.0.1', '10.0.0.1', '::ffff:10.0.0.1', 'fe80::1']) {
    for (const addresses of [[{ address, family: 4 }], [...publicOnes, { address, family: 4 }]]) {
      for (const options of [{ all: true }, {}]) t.match(await lookUp(addresses, options), [{ code: privateAddressCode }], address)
    }
  }
})

t.test('a name without addresses, or that nobody knows, leads nowhere', async (t) => {
  t.match(await lookUp([], { all: true }), [{ code: privateAddressCode }])
  t.match(await lookUp([], { all: true }, Object.assign(new Error('not found'), { code: 'ENOTFOUND' })), [{ code: 'ENOTFOUND' }])
})

t.test('the system is asked, and of this machine\'s own name says what it is', async (t) => {
  const lookup = createPublicLookup()
  const [error] = await new Promise<unknown[]>((resolve) => { lookup('localhost', { all: true }, (...args) => resolve(args)) })
  t.match(error, { code: privateAddressCode })
})
