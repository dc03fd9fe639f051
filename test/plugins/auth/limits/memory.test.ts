import { mock } from 'node:test'
import t from 'tap'
import health from '../../../../plugins/platform/health.ts'
import limits from '../../../../plugins/auth/limits/index.ts'
import redis from '../../../../plugins/platform/redis/index.ts'
import secrets from '../../../../plugins/platform/secrets.ts'
import { compose } from '../../../support/compose.ts'
import { testLimits } from '../../../contracts/limits.ts'
import { environmentOf, hour, phoneAt, send, verdict, type OpenWorld } from '../../../contracts/limits/world.ts'

const openWorld: OpenWorld = async (t, maxima) => {
  const { app } = await compose(t, [health, redis, secrets, limits], { env: environmentOf(maxima) })
  mock.timers.enable({ apis: ['Date', 'setTimeout'], now: Date.now() })
  t.teardown(() => { mock.timers.reset() })
  return { instances: [app.limits], pass: async (milliseconds) => { mock.timers.tick(milliseconds) } }
}

testLimits(t, openWorld)

t.test('a timer that is late neither keeps an old window alive nor ends the new one', async (t) => {
  const world = await openWorld(t, { PHONES_PER_ADDRESS_HOUR: 1 })
  await send(world, { phone: phoneAt(0) })
  mock.timers.setTime(Date.now() + hour)
  await send(world, { phone: phoneAt(1) })
  mock.timers.tick(1)
  t.equal(await verdict(send(world, { phone: phoneAt(2) })), 'phones_per_address_hour')
})
