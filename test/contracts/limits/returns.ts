import type { Test } from 'tap'
import { day, hour, minute, phoneAt, race, send, verdict, type OpenWorld } from './world.ts'

const sendLimits: Array<[string, number]> = [['SENDS_PER_ADDRESS_HOUR', hour], ['SENDS_PER_PREFIX', 10 * minute], ['SENDS_PER_MINUTE', minute], ['SENDS_PER_DAY', day]]

export function testReturns (t: Test, openWorld: OpenWorld): void {
  for (const [name, window] of sendLimits) {
    t.test(`a send that is given back leaves room in ${name} for one`, async (t) => {
      const world = await openWorld(t, { [name]: 2 })
      const [first] = [await send(world), await send(world)]
      for (let index = 0; index < 5; index++) t.equal(await verdict(send(world)), name.toLowerCase())
      await first.giveBack()
      await first.giveBack()
      await send(world)
      t.equal(await verdict(send(world)), name.toLowerCase())
    })

    t.test(`what is given back after its window adds nothing to the next one of ${name}`, async (t) => {
      const world = await openWorld(t, { [name]: 2 })
      const [first, second] = [await send(world), await send(world)]
      await world.pass(window)
      await first.giveBack()
      await send(world)
      await second.giveBack()
      await send(world)
      t.equal(await verdict(send(world)), name.toLowerCase())
    })
  }

  t.test('the number of a send that is given back stays counted', async (t) => {
    const world = await openWorld(t, { PHONES_PER_ADDRESS_HOUR: 1 })
    await (await send(world)).giveBack()
    t.equal(await verdict(send(world, { phone: phoneAt(1) })), 'phones_per_address_hour')
  })

  t.test('what a later limit refuses counts nowhere', async (t) => {
    const world = await openWorld(t, { SENDS_PER_ADDRESS_HOUR: 3, PHONES_PER_ADDRESS_HOUR: 2, SENDS_PER_PREFIX: 1, SENDS_PER_MINUTE: 2, SENDS_PER_DAY: 9 })
    await send(world, { phone: phoneAt(0) })
    for (const index of [0, 1, 2, 3]) t.equal(await verdict(send(world, { phone: phoneAt(index) })), 'sends_per_prefix')
    await send(world, { phone: phoneAt(0, 87654) })
    for (const index of [0, 1, 2, 3]) t.equal(await verdict(send(world, { phone: phoneAt(index, 76543), address: '192.0.2.1' })), 'sends_per_minute')
    await world.pass(minute)
    t.equal(await verdict(send(world, { phone: phoneAt(0, 76543) })), 'phones_per_address_hour')
    for (const prefix of [76543, 65432]) await send(world, { phone: phoneAt(0, prefix), address: '192.0.2.1' })
    await world.pass(10 * minute)
    await send(world, { phone: phoneAt(0) })
    t.equal(await verdict(send(world, { phone: phoneAt(0) })), 'sends_per_address_hour')
  })

  t.test('a number that was sent to stays counted when a further send to it is refused', async (t) => {
    const world = await openWorld(t, { PHONES_PER_ADDRESS_HOUR: 1, SENDS_PER_PREFIX: 1 })
    await send(world)
    t.equal(await verdict(send(world)), 'sends_per_prefix')
    t.equal(await verdict(send(world, { phone: phoneAt(0, 87654) })), 'phones_per_address_hour')
  })

  t.test('of a hundred at once under several limits the narrowest decides, and the others count the winners alone', async (t) => {
    const world = await openWorld(t, { SENDS_PER_ADDRESS_HOUR: 40, SENDS_PER_PREFIX: 10, SENDS_PER_MINUTE: 5, SENDS_PER_DAY: 100 })
    const taken: number[] = []
    for (let round = 0; round < 3; round++) {
      const counts = await race(async (index) => await send(world, { phone: phoneAt(index) }))
      taken.push(counts['taken'] ?? 0)
      await world.pass(minute)
    }
    t.strictSame(taken, [5, 5, 0], 'five a minute, ten in ten minutes')
  })

  t.test('a hundred at once to fifty numbers go to as many as there is room for', async (t) => {
    const world = await openWorld(t, { PHONES_PER_ADDRESS_HOUR: 3 })
    t.strictSame(await race(async (index) => await send(world, { phone: phoneAt(index % 50) })), { taken: 6, phones_per_address_hour: 94 })
  })

  t.test('a hundred that are taken and given back at once leave nothing behind', async (t) => {
    const world = await openWorld(t, { SENDS_PER_ADDRESS_HOUR: 100, SENDS_PER_PREFIX: 100 })
    await race(async () => { await (await send(world)).giveBack() })
    t.strictSame(await race(async () => await send(world)), { taken: 100 })
    t.equal(await verdict(send(world)), 'sends_per_address_hour')
  })
}
