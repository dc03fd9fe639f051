import type { Test } from 'tap'
import { RateLimitedError } from '../../../src/http/errors.ts'
import { address, day, hour, minute, next, phoneAt, race, retryAfter, second, send, verdict, type OpenWorld, type World } from './world.ts'

/** One more number of one prefix, from one address. */
const sendOne = async (world: World, index: number) => await send(world, { phone: phoneAt(index) })
const verifyOne = async (world: World) => { await next(world).takeVerify(address) }

const limits: Array<[string, number, (world: World, index: number) => Promise<unknown>]> = [
  ['SENDS_PER_ADDRESS_HOUR', hour, sendOne],
  ['PHONES_PER_ADDRESS_HOUR', hour, sendOne],
  ['VERIFIES_PER_ADDRESS_HOUR', hour, verifyOne],
  ['SENDS_PER_PREFIX', 10 * minute, sendOne],
  ['SENDS_PER_MINUTE', minute, sendOne],
  ['SENDS_PER_DAY', day, sendOne]
]

export function testWindows (t: Test, openWorld: OpenWorld): void {
  for (const [name, window, ask] of limits) {
    t.test(`${name} refuses what is over its number, says exactly how long, and begins anew`, async (t) => {
      const world = await openWorld(t, { [name]: 3 })
      for (let round = 0; round < 2; round++) {
        for (let index = 0; index < 3; index++) await ask(world, index)
        const refusal = await ask(world, 3).catch((error: unknown) => error)
        t.ok(refusal instanceof RateLimitedError)
        t.match(refusal, { code: 'CHR_RATE_LIMITED', limit: name.toLowerCase(), retryAfterSeconds: window / second })
        await world.pass(window - 1900)
        for (let index = 3; index < 9; index++) t.equal(await retryAfter(ask(world, index)), 2, 'asking again does not lengthen the wait')
        await world.pass(second)
        t.equal(await retryAfter(ask(world, 9)), 1)
        await world.pass(900)
      }
    })

    t.test(`of a hundred at once ${name} lets through exactly its number`, async (t) => {
      const world = await openWorld(t, { [name]: 7 })
      t.strictSame(await race(async (index) => await ask(world, index)), { taken: 7, [name.toLowerCase()]: 93 })
    })

    t.test(`0 turns ${name} off`, async (t) => {
      const world = await openWorld(t, { [name]: 0 })
      t.strictSame(await race(async (index) => await ask(world, index)), { taken: 100 })
    })
  }

  t.test('of two limits that are reached the longer wait counts', async (t) => {
    const world = await openWorld(t, { SENDS_PER_MINUTE: 1, SENDS_PER_DAY: 1 })
    await send(world)
    t.match(await send(world).catch((error: unknown) => error), { limit: 'sends_per_day', retryAfterSeconds: day / second })
  })

  t.test('sends and verifies do not count for each other', async (t) => {
    const world = await openWorld(t, { SENDS_PER_ADDRESS_HOUR: 1, VERIFIES_PER_ADDRESS_HOUR: 1 })
    await send(world)
    await verifyOne(world)
    t.equal(await verdict(send(world)), 'sends_per_address_hour')
    t.equal(await verdict(verifyOne(world)), 'verifies_per_address_hour')
  })
}
