import type { Test } from 'tap'
import { rateLimits } from '../../../src/domain/auth/limits.ts'
import { minute, phoneAt, race, second, send, toName, verdict, type OpenFixture } from './fixture.ts'

const sendLimits = rateLimits.filter(({ kind }) => kind === 'sends')

export function testReleases (t: Test, openFixture: OpenFixture): void {
  for (const { name: limit, setting, windowSeconds } of sendLimits) {
    const name = toName(setting)

    t.test(`a released send makes room for one more in ${name}`, async (t) => {
      const fixture = await openFixture(t, { [name]: 2 })
      const [first] = [await send(fixture), await send(fixture)]
      for (let index = 0; index < 5; index++) t.equal(await verdict(send(fixture)), limit)
      await first.release()
      await first.release()
      await send(fixture)
      t.equal(await verdict(send(fixture)), limit)
    })

    t.test(`a release after its window does not change the next window of ${name}`, async (t) => {
      const fixture = await openFixture(t, { [name]: 2 })
      const [first, other] = [await send(fixture), await send(fixture)]
      await fixture.pass(windowSeconds * second)
      await first.release()
      await send(fixture)
      await other.release()
      await send(fixture)
      t.equal(await verdict(send(fixture)), limit)
    })
  }

  t.test('the number of a released send stays counted', async (t) => {
    const fixture = await openFixture(t, { PHONES_PER_ADDRESS_HOUR: 1 })
    await (await send(fixture)).release()
    t.equal(await verdict(send(fixture, { phone: phoneAt(1) })), 'phones_per_address_hour')
  })

  t.test('a send that a later limit refuses is counted by no limit', async (t) => {
    const fixture = await openFixture(t, {
      SENDS_PER_ADDRESS_HOUR: 3, PHONES_PER_ADDRESS_HOUR: 2, SENDS_PER_PREFIX: 1, SENDS_PER_MINUTE: 2, SENDS_PER_DAY: 9
    })
    await send(fixture, { phone: phoneAt(0) })
    for (const index of [0, 1, 2, 3]) t.equal(await verdict(send(fixture, { phone: phoneAt(index) })), 'sends_per_prefix')
    await send(fixture, { phone: phoneAt(0, 87654) })
    for (const index of [0, 1, 2, 3]) {
      const request = { phone: phoneAt(index, 76543), address: '192.0.2.1' }
      t.equal(await verdict(send(fixture, request)), 'sends_per_minute')
    }
    await fixture.pass(minute)
    t.equal(await verdict(send(fixture, { phone: phoneAt(0, 76543) })), 'phones_per_address_hour')
    for (const prefix of [76543, 65432]) await send(fixture, { phone: phoneAt(0, prefix), address: '192.0.2.1' })
    await fixture.pass(10 * minute)
    await send(fixture, { phone: phoneAt(0) })
    t.equal(await verdict(send(fixture, { phone: phoneAt(0) })), 'sends_per_address_hour')
  })

  t.test('a number stays counted when a second send to it is refused', async (t) => {
    const fixture = await openFixture(t, { PHONES_PER_ADDRESS_HOUR: 1, SENDS_PER_PREFIX: 1 })
    await send(fixture)
    t.equal(await verdict(send(fixture)), 'sends_per_prefix')
    t.equal(await verdict(send(fixture, { phone: phoneAt(0, 87654) })), 'phones_per_address_hour')
  })

  t.test('the narrowest limit decides among a hundred concurrent sends, and other limits count only the accepted ones', async (t) => {
    const fixture = await openFixture(t, { SENDS_PER_ADDRESS_HOUR: 40, SENDS_PER_PREFIX: 10, SENDS_PER_MINUTE: 5, SENDS_PER_DAY: 100 })
    const acquired: number[] = []
    for (let round = 0; round < 3; round++) {
      const counts = await race(async (index) => await send(fixture, { phone: phoneAt(index) }))
      acquired.push(counts['acquired'] ?? 0)
      await fixture.pass(minute)
    }
    t.strictSame(acquired, [5, 5, 0], 'five a minute, ten in ten minutes')
  })

  t.test('a hundred concurrent sends to fifty numbers reach as many numbers as the limit allows', async (t) => {
    const fixture = await openFixture(t, { PHONES_PER_ADDRESS_HOUR: 3 })
    t.strictSame(await race(async (index) => await send(fixture, { phone: phoneAt(index % 50) })), {
      acquired: 6, phones_per_address_hour: 94
    })
  })

  t.test('a hundred concurrent sends that are released leave no count behind', async (t) => {
    const fixture = await openFixture(t, { SENDS_PER_ADDRESS_HOUR: 100, SENDS_PER_PREFIX: 100 })
    await race(async () => { await (await send(fixture)).release() })
    t.strictSame(await race(async () => await send(fixture)), { acquired: 100 })
    t.equal(await verdict(send(fixture)), 'sends_per_address_hour')
  })
}
