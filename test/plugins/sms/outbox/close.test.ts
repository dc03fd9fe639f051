import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { workerTimes } from '../../../../plugins/sms/outbox/redis/upkeep.ts'
import { openOutbox, share } from '../../../support/outbox.ts'
import { spyOnRedis } from '../../../support/connection-spy.ts'

/** The clients lose their connections within this time. */
const disconnectionMs = 300
/** A client that close left open would reconnect within its longest pause of 500 ms. */
const longestPauseMs = 600

// A timer left by close keeps this process alive, and the runner fails the file. This file therefore has no other tests.
t.test('close leaves no timers and no connections behind while Redis is unavailable', async (t) => {
  const { proxy, env: proxied } = await spyOnRedis(t)
  const { app } = await openOutbox(t, { env: { ...share(), ...proxied }, times: { ...workerTimes, blockMs: 100 } })
  await proxy.cut()
  await sleep(disconnectionMs)
  await app.close()
  await proxy.restore()
  await sleep(longestPauseMs)
  t.equal(proxy.connections, 0)
})
