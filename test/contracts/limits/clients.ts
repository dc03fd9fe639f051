import type { Test } from 'tap'
import { next, phoneAt, send, verdict, type OpenFixture } from './fixture.ts'

export function testClients (t: Test, openFixture: OpenFixture): void {
  t.test('addresses are counted separately', async (t) => {
    const fixture = await openFixture(t, { SENDS_PER_ADDRESS_HOUR: 1, PHONES_PER_ADDRESS_HOUR: 1, VERIFIES_PER_ADDRESS_HOUR: 1 })
    for (const address of ['203.0.113.1', '203.0.113.2', '2001:db8::1', '2001:db8:0:1::1', undefined]) {
      await send(fixture, { address })
      await next(fixture).acquireVerify(address)
      t.equal(await verdict(send(fixture, { address })), 'sends_per_address_hour', String(address))
      t.equal(await verdict(next(fixture).acquireVerify(address)), 'verifies_per_address_hour', String(address))
    }
  })

  t.test('all spellings of an address share one count, and an IPv6 client is its /64', async (t) => {
    const fixture = await openFixture(t, { SENDS_PER_ADDRESS_HOUR: 4 })
    for (const address of [
      '2001:db8::1', '2001:DB8:0:0:ffff::', '2001:0db8:0000:0000:0000:0000:0000:0002', '2001:db8::3%eth0'
    ]) await send(fixture, { address })
    t.equal(await verdict(send(fixture, { address: '2001:db8::' })), 'sends_per_address_hour')
    for (const address of ['192.0.2.1', '::ffff:192.0.2.1', '::FFFF:c000:201', '192.0.2.1']) await send(fixture, { address })
    t.equal(await verdict(send(fixture, { address: '0:0:0:0:0:ffff:c000:201' })), 'sends_per_address_hour')
  })

  for (const [maximum, share] of [[39, 3], [10, 1], [3, 1]] as const) {
    t.test(`requests without an address share a limit of ${share} if the limit of an address is ${maximum}`, async (t) => {
      const fixture = await openFixture(t, { SENDS_PER_ADDRESS_HOUR: maximum, VERIFIES_PER_ADDRESS_HOUR: maximum })
      const unknown = [undefined, '', 'unix:', 'unknown']
      for (const address of unknown.slice(0, share)) {
        await send(fixture, { address })
        await next(fixture).acquireVerify(address)
      }
      for (const address of unknown) {
        t.equal(await verdict(send(fixture, { address })), 'sends_per_address_hour')
        t.equal(await verdict(next(fixture).acquireVerify(address)), 'verifies_per_address_hour')
      }
    })
  }

  t.test('requests without an address share a tenth of the limit of distinct numbers', async (t) => {
    const fixture = await openFixture(t, { PHONES_PER_ADDRESS_HOUR: 20 })
    for (const index of [0, 1, 0]) await send(fixture, { address: undefined, phone: phoneAt(index) })
    t.equal(await verdict(send(fixture, { address: undefined, phone: phoneAt(2) })), 'phones_per_address_hour')
  })

  t.test('prefixes are counted separately, each across all addresses', async (t) => {
    const fixture = await openFixture(t, { SENDS_PER_PREFIX: 1 })
    await send(fixture, { phone: '+919876540001' })
    await send(fixture, { phone: '+919876550001' })
    t.equal(await verdict(send(fixture, { phone: '+919876549999', address: '203.0.113.8' })), 'sends_per_prefix')
  })

  t.test('a number that is already counted is not counted again', async (t) => {
    const fixture = await openFixture(t, { PHONES_PER_ADDRESS_HOUR: 2 })
    for (const index of [0, 1, 0, 1, 1]) await send(fixture, { phone: phoneAt(index) })
    t.equal(await verdict(send(fixture, { phone: phoneAt(2) })), 'phones_per_address_hour')
    t.equal(await verdict(send(fixture, { phone: phoneAt(0) })), 'acquired', 'also at the maximum')
  })

  t.test('only the limits of the whole service apply to the allowance of a trusted device', async (t) => {
    const fixture = await openFixture(t, {
      SENDS_PER_ADDRESS_HOUR: 1, PHONES_PER_ADDRESS_HOUR: 1, SENDS_PER_PREFIX: 1, SENDS_PER_MINUTE: 4
    })
    await send(fixture)
    for (const index of [1, 2, 3]) await send(fixture, { phone: phoneAt(index), usesDeviceAllowance: true })
    t.equal(await verdict(send(fixture, { usesDeviceAllowance: true })), 'sends_per_minute')
  })
}
