import t, { type Test } from 'tap'
import { createQueueKeys } from '../../../../plugins/sms/outbox/redis/keys.ts'
import { credentialsOf, openCarrier } from '../../../support/carrier.ts'
import { acceptAll, challenge, counts, countsOf, holdSends, openOutbox, share, untilCounted } from '../../../support/outbox.ts'
import { promptMs, until } from '../../../support/polling.ts'

t.jobs = 4

const open = async (t: Test, env = share()) => await openOutbox(t, { env })

t.test('after the stop signal a process completes its job in flight and leaves the others to other processes', async (t) => {
  const env = { ...share(), SMS_CONCURRENCY: '1' }
  const stop = new AbortController()
  const { app: stopping } = await openOutbox(t, { env, stopSignal: stop.signal })
  const calls = holdSends(t, stopping)
  await stopping.smsOutbox.enqueue(await challenge(stopping))
  await until('the job is in flight', () => calls.length === 1)
  stop.abort()
  const later = await challenge(stopping)
  await stopping.smsOutbox.enqueue(later)
  calls[0]?.resolve()
  await untilCounted(stopping, 'sent')

  const { app: other } = await openOutbox(t, { env })
  const accepted = acceptAll(t, other)
  await untilCounted(other, 'sent')
  t.same(accepted.map(({ id }) => id), [later.deliveryId])
  t.equal(calls.length, 1)
})

t.test('a process that only queues ignores the stop signal', async (t) => {
  const stop = new AbortController()
  const env = { ...share(), ...credentialsOf(await openCarrier(t)), SMS_DELIVERY: 'off' }
  const { app } = await openOutbox(t, { env, stopSignal: stop.signal })
  stop.abort()
  await app.smsOutbox.enqueue(await challenge(app))
  t.equal(await app.redis.xlen(createQueueKeys(app.secrets).jobs), 1)
})

t.test('a closing worker returns the jobs it receives', async (t) => {
  const env = { ...share(), ...credentialsOf(await openCarrier(t)) }
  const { app: service } = await open(t, { ...env, SMS_DELIVERY: 'off' })
  const { app: worker, log } = await open(t, env)
  const calls = holdSends(t, worker)
  await service.smsOutbox.enqueue(await challenge(service))
  await until('the carrier is called', () => calls.length === 1)
  const closing = worker.close()
  await until('the shutdown begins', () => log.some(({ msg, outstanding }) => msg === 'completing background tasks' && outstanding === 1))
  const late = await challenge(service)
  await service.smsOutbox.enqueue(late)
  calls[0]?.resolve()
  await closing
  t.equal(calls.length, 1)
  t.same(await countsOf(worker), counts({ sent: 1 }))
  t.notOk(log.some(({ msg }) => msg.startsWith('other processes send')))

  const { app: other } = await open(t, env)
  const accepted = acceptAll(t, other)
  await until('the other worker sends the job', () => accepted.length === 1)
  t.match(accepted, [{ id: late.deliveryId }])
})

t.test('close leaves jobs to other processes after SHUTDOWN_SMS_SECONDS, and starts no new jobs', async (t) => {
  const { app, log } = await open(t, { ...share(), SHUTDOWN_SMS_SECONDS: '1' })
  const calls = holdSends(t, app)
  const job = await challenge(app)
  await app.smsOutbox.enqueue(job)
  await until('the carrier is called', () => calls.length === 1)
  const start = performance.now()
  const closing = app.close()
  await until('the shutdown begins', () => log.some(({ msg }) => msg === 'completing background tasks'))
  t.throws(() => app.smsOutbox.assertCapacity(), { code: 'CHR_UNAVAILABLE', dependency: 'sms-outbox' })
  await t.rejects(app.smsOutbox.enqueue(job), { code: 'CHR_UNAVAILABLE', dependency: 'sms-outbox' })
  await closing
  const milliseconds = performance.now() - start
  t.ok(milliseconds >= 990 && milliseconds < promptMs, `after ${Math.round(milliseconds)} ms`)
  t.match(log.filter(({ msg }) => msg.startsWith('other processes send')), [{ outstanding: 1 }])
  t.same(await countsOf(app), counts({}), 'no job is abandoned')
  calls[0]?.resolve()
})
