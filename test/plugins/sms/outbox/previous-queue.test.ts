import t from 'tap'
import { createQueueKeys } from '../../../../plugins/sms/outbox/redis/keys.ts'
import { workerTimes } from '../../../../plugins/sms/outbox/redis/upkeep.ts'
import type { CodeJob } from '../../../../plugins/sms/outbox/index.ts'
import { credentialsOf, openCarrier } from '../../../support/carrier.ts'
import { acceptAll, challenge, openOutbox, share, untilCounted } from '../../../support/outbox.ts'
import { until } from '../../../support/polling.ts'

/** How far in the future the delayed job is due, and how long the lock of the job in flight lasts. */
const pauseMs = 1500

t.test('jobs that an earlier version left in the queue of BullMQ are sent, and its keys are deleted', async (t) => {
  const env = { ...share(), ...credentialsOf(await openCarrier(t)) }
  const { app: service } = await openOutbox(t, { env: { ...env, SMS_DELIVERY: 'off' } })
  const { redis } = service
  const { previous } = createQueueKeys(service.secrets)

  /** Stores a job as BullMQ does; returns its id. */
  async function store (job: CodeJob): Promise<string> {
    const id = `${job.challengeId}-${job.send}`
    await redis.hset(previous + id, {
      name: 'sms', data: JSON.stringify(job), opts: JSON.stringify({ jobId: id, stackTraceLimit: 0 }), timestamp: Date.now(), delay: 0, priority: 0
    })
    return id
  }

  const [first, second, delayed, active, abandoned, sent] = await Promise.all([
    challenge(service), challenge(service), challenge(service), challenge(service), challenge(service), challenge(service)
  ])
  await redis.lpush(`${previous}wait`, await store(first))
  await redis.lpush(`${previous}wait`, await store(second))
  await redis.zadd(`${previous}delayed`, (Date.now() + pauseMs) * 4096 + 7, await store(delayed))
  await redis.lpush(`${previous}active`, await store(abandoned), await store(active))
  await redis.set(`${previous}${active.challengeId}-1:lock`, 'token', 'PX', pauseMs)
  await redis.zadd(`${previous}completed`, Date.now(), await store(sent))

  const start = Date.now()
  const { app: worker } = await openOutbox(t, { env, times: { ...workerTimes, checkMs: 100 } })
  const accepted = acceptAll(t, worker)
  await until('three jobs are sent', () => accepted.length >= 3)
  t.same(accepted.slice(0, 3).map(({ id }) => id), [abandoned, first, second].map(({ deliveryId }) => deliveryId))
  await untilCounted(worker, 'sent', 5)
  t.ok(Date.now() - start >= pauseMs, 'a job in flight waits for the end of its lock, and a delayed one until it is due')
  t.same(accepted.slice(3).map(({ id }) => id).sort(), [delayed.deliveryId, active.deliveryId].sort())
  t.same(await redis.keys(`${previous}*`), [])
})
