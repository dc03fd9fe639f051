import { mock } from 'node:test'
import t from 'tap'
import health from '../../../../plugins/platform/health.ts'
import limits from '../../../../plugins/auth/limits/index.ts'
import redis from '../../../../plugins/platform/redis/index.ts'
import secrets from '../../../../plugins/platform/secrets.ts'
import { compose } from '../../../support/compose.ts'
import { testLimits } from '../../../contracts/limits.ts'
import { toEnvironment, hour, phoneAt, send, verdict, type OpenFixture } from '../../../contracts/limits/fixture.ts'

const openFixture: OpenFixture = async (t, maxima) => {
  const { app } = await compose(t, [health, redis, secrets, limits], { env: toEnvironment(maxima) })
  mock.timers.enable({ apis: ['Date', 'setTimeout'], now: Date.now() })
  t.teardown(() => { mock.timers.reset() })
  return { instances: [app.limits], pass: async (milliseconds) => { mock.timers.tick(milliseconds) } }
}

testLimits(t, openFixture)

t.test('a late timer neither extends its window nor ends the next one', async (t) => {
  const fixture = await openFixture(t, { PHONES_PER_ADDRESS_HOUR: 1 })
  await send(fixture, { phone: phoneAt(0) })
  mock.timers.setTime(Date.now() + hour)
  await send(fixture, { phone: phoneAt(1) })
  mock.timers.tick(1)
  t.equal(await verdict(send(fixture, { phone: phoneAt(2) })), 'phones_per_address_hour')
})
