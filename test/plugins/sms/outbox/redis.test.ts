import { randomBytes } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import { Redis, type Cluster } from 'ioredis'
import t, { type Test } from 'tap'
import { SmsError } from '../../../../plugins/sms/providers/contract.ts'
import { credentialsOf, openCarrier } from '../../../support/carrier.ts'
import { createPhone } from '../../../support/helper.ts'
import { challenge, counts, countsOf, holdSends, openOutbox, share, acceptAll, untilCounted } from '../../../support/outbox.ts'
import { until } from '../../../support/polling.ts'
import { createQueueKeys, group } from '../../../../plugins/sms/outbox/redis/keys.ts'
import { queueScripts } from '../../../../plugins/sms/outbox/redis/scripts.ts'
import { workerTimes } from '../../../../plugins/sms/outbox/redis/upkeep.ts'
import { createPatientClient } from '../../../../src/redis/client.ts'
import { spyOnRedis } from '../../../support/connection-spy.ts'
import { serviceUrl } from '../../../support/databases.ts'
import { hold, openCluster } from '../../../support/redis-servers.ts'

t.jobs = 4

const open = async (t: Test, env = share()) => await openOutbox(t, { env })

function defineScripts<Client extends Redis | Cluster> (redis: Client): Client {
  for (const [name, script] of Object.entries(queueScripts)) redis.defineCommand(name, script)
  return redis
}

t.test('a job queued several times is sent once (dedup)', async (t) => {
  const { app } = await open(t)
  const accepted = acceptAll(t, app)
  const job = await challenge(app)
  await Promise.all([app.smsOutbox.enqueue(job), app.smsOutbox.enqueue(job)])
  await untilCounted(app, 'sent')
  await app.smsOutbox.enqueue(job)
  const last = await challenge(app)
  await app.smsOutbox.enqueue(last)
  await untilCounted(app, 'sent', 2)
  t.same(accepted.map(({ id }) => id), [job.deliveryId, last.deliveryId])
})

t.test('a failed attempt is retried after its backoff', async (t) => {
  const { app } = await open(t)
  const calls = holdSends(t, app)
  await app.smsOutbox.enqueue(await challenge(app))
  await until('the carrier is called', () => calls.length === 1)
  const start = Date.now()
  calls[0]?.reject(new SmsError({ failure: 'busy', detail: 'status 429', retryAfterMs: 1200 }))
  await until('the carrier is called again', () => calls.length === 2)
  t.ok(Date.now() - start >= 1190, `after ${Date.now() - start} ms`)
  calls[1]?.resolve()
  await untilCounted(app, 'sent')
})

t.test('a job that is queued again while it pauses is added once, and sent no earlier', async (t) => {
  const { app } = await open(t)
  const calls = holdSends(t, app)
  const job = { ...await challenge(app), queuedAt: Date.now() - 60_000 }
  await app.smsOutbox.enqueue(job)
  await until('the carrier is called', () => calls.length === 1)
  const { jobs, delayed } = createQueueKeys(app.secrets)
  calls[0]?.reject(new SmsError({ failure: 'busy', detail: 'status 429', retryAfterMs: 1500 }))
  await until('the job pauses', async () => await app.redis.zcard(delayed) === 1)
  const start = Date.now()
  await Promise.all(Array.from({ length: 10 }, async (_none, index) => { await app.smsOutbox.enqueueAgain({ ...job, queuedAt: start + index }) }))
  await until('the copy pauses too', async () => await app.redis.zcard(delayed) === 2 && await app.redis.xlen(jobs) === 0)
  t.match(await app.metrics.expose(), /cheershare_sms_queue_oldest_seconds 6\d\.\d+\n/, 'its age counts from the first request')
  await until('the carrier is called again', () => calls.length === 2)
  t.ok(Date.now() - start >= 1300, `after ${Date.now() - start} ms`)
  calls[1]?.resolve()
  await untilCounted(app, 'sent')
  await until('the queue is empty', async () => await app.redis.zcard(delayed) + await app.redis.xlen(jobs) === 0)
  t.equal(calls.length, 2)
})

t.test('a job whose challenge has ended is dropped and counted', async (t) => {
  const { app } = await open(t)
  const accepted = acceptAll(t, app)
  const phone = createPhone()
  const job = await challenge(app, phone)
  await app.otp.revoke(phone)
  await app.smsOutbox.enqueue(job)
  await untilCounted(app, 'dropped')
  t.same(await countsOf(app), counts({ dropped: 1 }))
  t.same(accepted, [])
})

t.test('two workers send each of a hundred jobs once', async (t) => {
  const env = share()
  const apps = await Promise.all([open(t, env), open(t, env)])
  const accepted = apps.map(({ app }) => acceptAll(t, app))
  const [{ app }] = apps
  const jobs = await Promise.all(Array.from({ length: 100 }, async () => await challenge(app)))
  await Promise.all(jobs.map(async (job) => { await app.smsOutbox.enqueue(job) }))
  await until('all jobs are sent', () => accepted.flat().length >= 100)
  t.same(accepted.flat().map(({ id }) => id).sort(), jobs.map(({ deliveryId }) => deliveryId).sort())
})

t.test('services with different secrets do not process each other\'s jobs', async (t) => {
  const [first, second] = [await open(t), await open(t)]
  const [mine, others] = [acceptAll(t, first.app), acceptAll(t, second.app)]
  for (let jobs = 0; jobs < 10; jobs++) await first.app.smsOutbox.enqueue(await challenge(first.app))
  await untilCounted(first.app, 'sent', 10)
  t.equal(mine.length, 10)
  t.same([others, await countsOf(second.app)], [[], counts({})])
})

t.test('a worker that may not create the consumer group logs the reason once, and runs jobs once it may', async (t) => {
  const admin = hold(t, new Redis(serviceUrl('TEST_REDIS_URL')))
  const user = `worker-${randomBytes(6).toString('hex')}`
  await admin.acl('SETUSER', user, 'on', '>secret', '~*', '&*', '+@all')
  t.teardown(async () => { await admin.acl('DELUSER', user) })
  const url = new URL(serviceUrl('TEST_REDIS_URL'))
  const { app, log } = await open(t, { ...share(), REDIS_URL: `redis://${user}:secret@${url.host}` })
  const accepted = acceptAll(t, app)
  await admin.acl('SETUSER', user, '-xgroup')
  await admin.del(createQueueKeys(app.secrets).jobs)
  await app.smsOutbox.enqueue(await challenge(app))
  const isRefusal = ({ msg, level }: { msg: string, level: number }) => msg === 'SMS queue' && level === 40
  await until('the failure is logged', () => log.some(isRefusal))
  const refusals = async () => Number(/errorstat_NOPERM:count=(\d+)/.exec(await admin.info('errorstats'))?.[1])
  const before = await refusals()
  await until('the command is refused again', async () => await refusals() > before)
  t.equal(log.filter((line) => isRefusal(line) && String((line['err'] as Error).message).includes('xgroup')).length, 1)
  t.same(accepted, [])
  await admin.acl('SETUSER', user, '+xgroup')
  await untilCounted(app, 'sent')
})

t.test('with SMS_DELIVERY=off a service queues jobs for workers', async (t) => {
  const env = { ...share(), ...credentialsOf(await openCarrier(t)) }
  const { app: service } = await open(t, { ...env, SMS_DELIVERY: 'off' })
  const own = acceptAll(t, service)
  const jobs = await Promise.all([challenge(service), challenge(service)])
  for (const job of jobs) await service.smsOutbox.enqueue(job)
  const metrics = await service.metrics.expose()
  t.match(metrics, 'cheershare_sms_queue_depth{state="waiting"} 2\n')
  t.match(metrics, /cheershare_sms_queue_oldest_seconds 0\.\d+\n/)

  const { app: worker } = await open(t, env)
  const accepted = acceptAll(t, worker)
  await until('the worker has sent them', () => accepted.length === 2)
  t.same(accepted.map(({ id }) => id), jobs.map(({ deliveryId }) => deliveryId), 'the oldest job is sent first')
  t.same(own, [])
  await until('no job is active', async () => (await service.metrics.expose()).includes('cheershare_sms_queue_depth{state="active"} 0\n'))
  t.match(await service.metrics.expose(), 'cheershare_sms_queue_oldest_seconds 0\n')
})

t.test('a job that another worker takes over during the carrier call is not sent twice', async (t) => {
  const env = share()
  const { app } = await open(t, env)
  const calls = holdSends(t, app)
  await app.smsOutbox.enqueue(await challenge(app))
  await until('the carrier is called', () => calls.length === 1)
  const { app: other } = await openOutbox(t, { env, times: { ...workerTimes, idleMs: 1, checkMs: 100 } })
  const accepted = acceptAll(t, other)
  const { jobs, delayed } = createQueueKeys(app.secrets)
  await until('the other worker postpones the job', async () => await app.redis.zcard(delayed) === 1)
  calls[0]?.resolve()
  await untilCounted(app, 'sent')
  await app.redis.zadd(delayed, 0, String(await app.redis.zrange(delayed, '0', '0')))
  await until('the queue is empty', async () => await app.redis.zcard(delayed) + await app.redis.xlen(jobs) === 0)
  t.same([calls.length, accepted.length], [1, 0])
})

t.test('the pause of a released job begins when the server runs the command, however late a client sends it', async (t) => {
  const env = share()
  const { app } = await open(t, { ...env, ...credentialsOf(await openCarrier(t)), SMS_DELIVERY: 'off' })
  const { jobs, delayed } = createQueueKeys(app.secrets)
  const { proxy, env: proxied } = await spyOnRedis(t)
  const late = createPatientClient([String(proxied['REDIS_URL'])])
  late.on('error', () => {})
  t.teardown(() => { late.disconnect() })
  await app.smsOutbox.enqueue(await challenge(app))
  await app.redis.xgroup('CREATE', jobs, group, '0')
  await app.redis.xreadgroup('GROUP', group, 'lost', 'COUNT', 1, 'STREAMS', jobs, '>')
  await late.ping()
  await proxy.cut()
  const released = defineScripts(late).queueRelease(jobs, delayed, group, 0, 1500, '')
  await setTimeout(1000)
  const restoredAt = Number((await app.redis.time())[0]) * 1000
  await proxy.restore()
  t.equal(await released, 1)
  const dueAt = Number((await app.redis.zrange(delayed, '0', '0', 'WITHSCORES'))[1])
  t.ok(dueAt >= restoredAt + 1500, `the job is due ${dueAt - restoredAt} ms after the connection returned`)
})

t.test('the jobs of a killed worker are sent by another one', async (t) => {
  const env = share()
  const { app: service } = await open(t, { ...env, ...credentialsOf(await openCarrier(t)), SMS_DELIVERY: 'off' })
  const { jobs } = createQueueKeys(service.secrets)
  const queued = await Promise.all(Array.from({ length: 3 }, async () => await challenge(service)))
  for (const job of queued) await service.smsOutbox.enqueue(job)
  await service.redis.xgroup('CREATE', jobs, group, '0')
  await service.redis.xreadgroup('GROUP', group, 'killed', 'COUNT', 2, 'STREAMS', jobs, '>')
  const { app } = await openOutbox(t, { env, times: { ...workerTimes, idleMs: 500, checkMs: 100 } })
  const accepted = acceptAll(t, app)
  await untilCounted(app, 'sent', 3)
  t.same(accepted.map(({ id }) => id).sort(), queued.map(({ deliveryId }) => deliveryId).sort())
  await until('the queue is empty', async () => await app.redis.xlen(jobs) === 0)
})

t.test('the consumer of a closed worker is deleted at once, and that of a killed one when it is idle', async (t) => {
  const env = share()
  const { app: service } = await open(t, { ...env, ...credentialsOf(await openCarrier(t)), SMS_DELIVERY: 'off' })
  const { app: worker } = await open(t, env)
  const redis = defineScripts(service.redis)
  const { jobs } = createQueueKeys(service.secrets)
  const countConsumers = async () => (await redis.xinfo('CONSUMERS', jobs, group) as unknown[]).length
  acceptAll(t, worker)
  await service.smsOutbox.enqueue(await challenge(service))
  await untilCounted(worker, 'sent')
  t.equal(await countConsumers(), 1)
  await worker.close()
  t.equal(await countConsumers(), 0)

  await redis.xgroup('CREATECONSUMER', jobs, group, 'killed')
  t.equal(await redis.queueDropIdle(jobs, group, 3_600_000), 0)
  await until('the consumer is idle', async () => await redis.queueDropIdle(jobs, group, 1) === 1)
  t.equal(await countConsumers(), 0)

  await redis.xgroup('CREATECONSUMER', jobs, group, 'killed')
  await openOutbox(t, { env, times: { ...workerTimes, checkMs: 50, endedAfterMs: 100 } })
  const listConsumers = async () => JSON.stringify(await redis.xinfo('CONSUMERS', jobs, group))
  await until('a worker deletes it', async () => !(await listConsumers()).includes('killed'))
})

t.test('a worker continues after Redis has lost its data', async (t) => {
  const { app } = await open(t)
  acceptAll(t, app)
  await app.smsOutbox.enqueue(await challenge(app))
  await untilCounted(app, 'sent')
  await app.redis.del(createQueueKeys(app.secrets).jobs)
  await app.smsOutbox.enqueue(await challenge(app))
  await untilCounted(app, 'sent', 2)
})

t.test('a job that is not JSON is logged and removed', async (t) => {
  const { app, log } = await open(t)
  const { jobs } = createQueueKeys(app.secrets)
  await app.redis.xadd(jobs, '*', 'job', '{"phone":"+918123456789"')
  await app.redis.xadd(jobs, '*', 'other', '')
  await until('the failures are logged', () => log.filter(({ msg }) => msg === 'SMS job failed').length === 2)
  t.notMatch(JSON.stringify(log), '8123456789')
  await until('the queue is empty', async () => await app.redis.xlen(jobs) === 0)
})

t.test('an unexpected failure of a job is logged without the error message, and the next job is sent', async (t) => {
  const { app, log } = await open(t)
  acceptAll(t, app)
  const { run } = app.smsDelivery
  const job = await challenge(app)
  t.intercept(app.smsDelivery, 'run', {
    value: async (queued: Parameters<typeof run>[0]) => {
      if (queued.deliveryId === job.deliveryId) throw new TypeError('to +918123456789')
      return await run(queued)
    }
  })
  await app.smsOutbox.enqueue(job)
  await app.smsOutbox.enqueue(await challenge(app))
  await untilCounted(app, 'sent')
  await until('the failure is logged', () => log.some(({ msg }) => msg === 'SMS job failed'))
  t.match(log.filter(({ msg }) => msg === 'SMS job failed'), [{ deliveryId: job.deliveryId, error: 'TypeError' }])
  t.notMatch(JSON.stringify(log), '8123456789')
  await until('the queue is empty', async () => await app.redis.xlen(createQueueKeys(app.secrets).jobs) === 0)
})

t.test('the queue works on a Redis Cluster', async (t) => {
  const { url, urlWith } = await openCluster(t)
  const { app } = await open(t, { ...share(), REDIS_URL: `${urlWith('p@ss, word')},${url}` })
  const calls = holdSends(t, app)
  const jobs = await Promise.all([challenge(app), challenge(app), challenge(app)])
  for (const job of jobs) await app.smsOutbox.enqueue(job)
  await until('all jobs are in flight', () => calls.length === 3)
  t.match(await app.metrics.expose(), 'cheershare_sms_queue_depth{state="active"} 3\n')
  calls[0]?.reject(new SmsError({ failure: 'busy', detail: 'status 429' }))
  await until('the carrier is called again', () => calls.length === 4)
  for (const call of calls) call.resolve()
  await untilCounted(app, 'sent', 3)
})
