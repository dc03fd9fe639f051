import { RedisConnection } from 'bullmq'
import t from 'tap'
import { openOutbox, share } from '../../../support/outbox.ts'
import { until } from '../../../support/polling.ts'
import { wireRedis } from '../../../support/connection-spy.ts'

const { prototype } = RedisConnection

// A timer that a close leaves behind keeps this process, which has no other tests, from ending: the runner then fails it.
t.test('a close leaves neither timers nor connections behind while Redis is away', async (t) => {
  const { proxy, env: wire } = await wireRedis(t)
  const disconnections = t.capture(prototype, 'disconnect', prototype.disconnect)
  const { app } = await openOutbox(t, { env: { ...share(), ...wire }, times: { lockMs: 5000, stalledCheckMs: 2000, blockSeconds: 0.1 } })
  await proxy.cut()
  await until('BullMQ gives up its wait for jobs, and resets its connection', () => disconnections().length > 0)
  await app.close()
  await proxy.restore()
  t.equal(proxy.connections, 0)
})
