import type { Test } from 'tap'
import { rateLimits, type RateLimit } from '../../../src/domain/auth/limits.ts'
import { RateLimitedError } from '../../../src/http/errors.ts'
import { address, day, next, phoneAt, race, retryAfter, second, send, toName, verdict, type Fixture, type OpenFixture } from './fixture.ts'

/** Sends to one more number of the same prefix, from the same address. */
const sendOne = async (fixture: Fixture, index: number) => await send(fixture, { phone: phoneAt(index) })
const verifyOne = async (fixture: Fixture) => { await next(fixture).acquireVerify(address) }

type Request = (fixture: Fixture, index: number) => Promise<unknown>
const requests: Record<RateLimit['kind'], Request> = { sends: sendOne, phones: sendOne, verifies: verifyOne }

export function testWindows (t: Test, openFixture: OpenFixture): void {
  for (const { name: limit, setting, windowSeconds, kind } of rateLimits) {
    const [name, window, request] = [toName(setting), windowSeconds * second, requests[kind]]

    t.test(`${name} refuses requests over its maximum, reports the exact remaining time, and starts a new window after it`, async (t) => {
      const fixture = await openFixture(t, { [name]: 3 })
      for (let round = 0; round < 2; round++) {
        for (let index = 0; index < 3; index++) await request(fixture, index)
        const refusal = await request(fixture, 3).catch((error: unknown) => error)
        t.ok(refusal instanceof RateLimitedError)
        t.match(refusal, { code: 'CHR_RATE_LIMITED', limit, retryAfterSeconds: window / second })
        await fixture.pass(window - 1900)
        for (let index = 3; index < 9; index++) {
          t.equal(
            await retryAfter(request(fixture, index)), 2, 'another request does not extend the window'
          )
        }
        await fixture.pass(second)
        t.equal(await retryAfter(request(fixture, 9)), 1)
        await fixture.pass(900)
      }
    })

    t.test(`${name} accepts exactly its maximum of a hundred concurrent requests`, async (t) => {
      const fixture = await openFixture(t, { [name]: 7 })
      t.strictSame(await race(async (index) => await request(fixture, index)), { acquired: 7, [limit]: 93 })
    })

    t.test(`0 turns ${name} off`, async (t) => {
      const fixture = await openFixture(t, { [name]: 0 })
      t.strictSame(await race(async (index) => await request(fixture, index)), { acquired: 100 })
    })
  }

  t.test('a refusal by two limits reports the one with the longer remaining time', async (t) => {
    const fixture = await openFixture(t, { SENDS_PER_MINUTE: 1, SENDS_PER_DAY: 1 })
    await send(fixture)
    t.match(await send(fixture).catch((error: unknown) => error), { limit: 'sends_per_day', retryAfterSeconds: day / second })
  })

  t.test('sends and verifications are counted separately', async (t) => {
    const fixture = await openFixture(t, { SENDS_PER_ADDRESS_HOUR: 1, VERIFIES_PER_ADDRESS_HOUR: 1 })
    await send(fixture)
    await verifyOne(fixture)
    t.equal(await verdict(send(fixture)), 'sends_per_address_hour')
    t.equal(await verdict(verifyOne(fixture)), 'verifies_per_address_hour')
  })
}
