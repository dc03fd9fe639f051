import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { openOutbox, share } from '../../../support/outbox.ts'
import { spyOnRedis } from '../../../support/connection-spy.ts'

/** BullMQ waits this long for a job, and one second more for the reply of Redis, before it reconnects. */
const blockSeconds = 0.1
const reconnectionMs = (blockSeconds + 1) * 1000 + 100
/** A client that close left open would reconnect within its longest pause of 500 ms. */
const longestPauseMs = 600

// A timer left by close keeps this process alive, and the runner fails the file. This file therefore has no other tests.
t.test('close leaves no timers and no connections behind while Redis is unavailable', async (t) => {
  const { proxy, env: proxied } = await spyOnRedis(t)
  const { app } = await openOutbox(t, { env: { ...share(), ...proxied }, times: { lockMs: 5000, stalledCheckMs: 2000, blockSeconds } })
  await proxy.cut()
  await sleep(reconnectionMs)
  await app.close()
  await proxy.restore()
  await sleep(longestPauseMs)
  t.equal(proxy.connections, 0)
})
