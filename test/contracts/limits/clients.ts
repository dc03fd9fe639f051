import type { Test } from 'tap'
import { next, phoneAt, send, verdict, type OpenWorld } from './world.ts'

export function testClients (t: Test, openWorld: OpenWorld): void {
  t.test('addresses are independent of each other', async (t) => {
    const world = await openWorld(t, { SENDS_PER_ADDRESS_HOUR: 1, PHONES_PER_ADDRESS_HOUR: 1, VERIFIES_PER_ADDRESS_HOUR: 1 })
    for (const address of ['203.0.113.1', '203.0.113.2', '2001:db8::1', '2001:db8:0:1::1', undefined]) {
      await send(world, { address })
      await next(world).takeVerify(address)
      t.equal(await verdict(send(world, { address })), 'sends_per_address_hour', String(address))
      t.equal(await verdict(next(world).takeVerify(address)), 'verifies_per_address_hour', String(address))
    }
  })

  t.test('an address is the same however it is written, and an IPv6 client is its /64', async (t) => {
    const world = await openWorld(t, { SENDS_PER_ADDRESS_HOUR: 4 })
    for (const address of ['2001:db8::1', '2001:DB8:0:0:ffff::', '2001:0db8:0000:0000:0000:0000:0000:0002', '2001:db8::3%eth0']) await send(world, { address })
    t.equal(await verdict(send(world, { address: '2001:db8::' })), 'sends_per_address_hour')
    for (const address of ['192.0.2.1', '::ffff:192.0.2.1', '::FFFF:c000:201', '192.0.2.1']) await send(world, { address })
    t.equal(await verdict(send(world, { address: '0:0:0:0:0:ffff:c000:201' })), 'sends_per_address_hour')
  })

  for (const [maximum, share] of [[39, 3], [10, 1], [3, 1]] as const) {
    t.test(`of ${maximum} for an address requests without one share ${share}`, async (t) => {
      const world = await openWorld(t, { SENDS_PER_ADDRESS_HOUR: maximum, VERIFIES_PER_ADDRESS_HOUR: maximum })
      const unknown = [undefined, '', 'unix:', '203.0.113.7:443']
      for (const address of unknown.slice(0, share)) {
        await send(world, { address })
        await next(world).takeVerify(address)
      }
      for (const address of unknown) {
        t.equal(await verdict(send(world, { address })), 'sends_per_address_hour')
        t.equal(await verdict(next(world).takeVerify(address)), 'verifies_per_address_hour')
      }
    })
  }

  t.test('without an address a tenth of the distinct numbers is left as well', async (t) => {
    const world = await openWorld(t, { PHONES_PER_ADDRESS_HOUR: 20 })
    for (const index of [0, 1, 0]) await send(world, { address: undefined, phone: phoneAt(index) })
    t.equal(await verdict(send(world, { address: undefined, phone: phoneAt(2) })), 'phones_per_address_hour')
  })

  t.test('prefixes are independent of each other, whoever asks', async (t) => {
    const world = await openWorld(t, { SENDS_PER_PREFIX: 1 })
    await send(world, { phone: '+919876540001' })
    await send(world, { phone: '+919876550001' })
    t.equal(await verdict(send(world, { phone: '+919876549999', address: '203.0.113.8' })), 'sends_per_prefix')
  })

  t.test('a number that is counted already is free', async (t) => {
    const world = await openWorld(t, { PHONES_PER_ADDRESS_HOUR: 2 })
    for (const index of [0, 1, 0, 1, 1]) await send(world, { phone: phoneAt(index) })
    t.equal(await verdict(send(world, { phone: phoneAt(2) })), 'phones_per_address_hour')
    t.equal(await verdict(send(world, { phone: phoneAt(0) })), 'taken', 'even when there is no room for another')
  })

  t.test('a reserve is held by the limits of the whole service alone', async (t) => {
    const world = await openWorld(t, { SENDS_PER_ADDRESS_HOUR: 1, PHONES_PER_ADDRESS_HOUR: 1, SENDS_PER_PREFIX: 1, SENDS_PER_MINUTE: 4 })
    await send(world)
    for (const index of [1, 2, 3]) await send(world, { phone: phoneAt(index), isReserve: true })
    t.equal(await verdict(send(world, { isReserve: true })), 'sends_per_minute')
  })
}
