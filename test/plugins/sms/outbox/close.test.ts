import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { openOutbox, share } from '../../../support/outbox.ts'
import { wireRedis } from '../../../support/connection-spy.ts'

// A timer that a close leaves behind keeps this process, which has no other tests, from ending: the runner then fails it.
t.test('a close leaves neither timers nor connections behind while Redis is away', async (t) => {
  const { proxy, env: wire } = await wireRedis(t)
  const { app } = await openOutbox(t, { env: { ...share(), ...wire } })
  await proxy.cut()
  // BullMQ waits 5 s for a job, and one more for the answer, before it connects anew.
  await sleep(6500)
  await app.close()
  await proxy.restore()
  await sleep(1500)
  t.equal(proxy.connections, 0)
})
