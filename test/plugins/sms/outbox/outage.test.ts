import t, { type Test } from 'tap'
import { Redis } from 'ioredis'
import { serviceUrl } from '../../../support/databases.ts'
import { createQueueKeys, group } from '../../../../plugins/sms/outbox/redis/keys.ts'
import { workerTimes } from '../../../../plugins/sms/outbox/redis/upkeep.ts'
import { createPhone } from '../../../support/helper.ts'
import { challenge, counts, countsOf, holdSends, openOutbox, share, acceptAll, untilCounted } from '../../../support/outbox.ts'
import { promptMs, until } from '../../../support/polling.ts'
import { spyOnRedis } from '../../../support/connection-spy.ts'

t.jobs = 4

/** Starts an instance whose Redis connection the test can cut; further instances of the same service use `env`. */
async function open (t: Test, overrides: Record<string, string> = {}) {
  const { proxy, env: proxied } = await spyOnRedis(t)
  const env = share()
  // Commands that a prompt close leaves pending must not delay the end of the test.
  t.teardown(async () => { await proxy.restore() })
  return { proxy, env, ...await openOutbox(t, { env: { ...env, ...proxied, ...overrides } }) }
}

const millisecondsSince = (start: number) => Math.round(performance.now() - start)

for (const [fault, begin] of [['is unreachable', 'cut'], ['is frozen', 'freeze']] as const) {
  t.test(`while Redis ${fault} queueing fails within the deadline, and delivery resumes once Redis is available`, async (t) => {
    const { proxy, app } = await open(t)
    const accepted = acceptAll(t, app)
    const [before, during, after] = await Promise.all([challenge(app), challenge(app), challenge(app)])
    await app.smsOutbox.enqueue(before)
    await untilCounted(app, 'sent')
    await proxy[begin]()
    const start = performance.now()
    await t.rejects(app.smsOutbox.enqueue(during), { code: 'CHR_UNAVAILABLE', dependency: 'redis' })
    t.match(await app.metrics.expose(), /^cheershare_sms_queue_oldest_seconds Nan$/m)
    t.ok(millisecondsSince(start) < promptMs, `both after ${millisecondsSince(start)} ms`)
    await proxy.restore()
    await until('Redis answers', async () => await app.redis.ping().then(() => true, () => false))
    await app.smsOutbox.enqueue(after)
    await until('the job is sent', () => accepted.some(({ id }) => id === after.deliveryId))
    await app.smsOutbox.enqueue(during)
    await until('the refused job is sent as well', () => accepted.length === 3)
    t.match(await app.metrics.expose(), /^cheershare_sms_queue_oldest_seconds \d/m)
  })

  t.test(`close ends within its deadline while Redis ${fault}`, async (t) => {
    const { proxy, app } = await open(t)
    acceptAll(t, app)
    await app.smsOutbox.enqueue(await challenge(app))
    await untilCounted(app, 'sent')
    await proxy[begin]()
    const start = performance.now()
    await app.close()
    t.ok(millisecondsSince(start) < promptMs, `after ${millisecondsSince(start)} ms`)
  })
}

t.test('under load no SMS is lost or sent twice across an outage of Redis', async (t) => {
  const { proxy, app } = await open(t, { SMS_CONCURRENCY: '40' })
  const calls = holdSends(t, app)
  const jobs = await Promise.all(Array.from({ length: 120 }, async () => await challenge(app)))
  await Promise.all(jobs.map(async (job) => { await app.smsOutbox.enqueue(job) }))
  await until('the concurrency limit is reached', () => calls.length === 40)
  await proxy.cut()
  let answered = 0
  const answerAll = () => { for (; answered < calls.length; answered++) calls[answered]?.resolve() }
  answerAll()
  await t.rejects(app.redis.ping(), 'Redis is unavailable')
  await proxy.restore()
  await until('all jobs are sent', () => {
    answerAll()
    return answered >= jobs.length
  })
  await untilCounted(app, 'sent', jobs.length)
  t.same(calls.map(({ message }) => message.id).sort(), jobs.map(({ deliveryId }) => deliveryId).sort())
})

t.test('a worker disconnected during a call records the result before another worker processes the job', async (t) => {
  const { proxy, env, app } = await open(t)
  const calls = holdSends(t, app)
  const job = await challenge(app)
  await app.smsOutbox.enqueue(job)
  await until('the carrier is called', () => calls.length === 1)
  const { app: other } = await openOutbox(t, { env, times: { ...workerTimes, idleMs: 500, checkMs: 100 } })
  const accepted = acceptAll(t, other)
  await proxy.cut()
  calls[0]?.resolve()
  const { jobs } = createQueueKeys(app.secrets)
  const owners = async () => (await other.redis.xpending(jobs, group, '-', '+', 1) as string[][]).map(([, consumer]) => consumer)
  const [owner] = await owners()
  await until('the other worker takes the job over', async () => (await owners())[0] !== owner)
  await proxy.restore()
  await untilCounted(app, 'sent')
  const last = await challenge(other)
  await other.smsOutbox.enqueue(last)
  await until('the other worker sends the next job', () => accepted.length + calls.length === 2)
  for (const call of calls.slice(1)) call.resolve()
  await until('no job is active', async () => (await other.metrics.expose()).includes('cheershare_sms_queue_depth{state="active"} 0\n'))
  t.same([...calls.map(({ message }) => message.id), ...accepted.map(({ id }) => id)], [job.deliveryId, last.deliveryId])
})

t.test('a result that cannot be recorded delays close until the deadline at most', async (t) => {
  const { proxy, app } = await open(t, { SHUTDOWN_SMS_SECONDS: '1' })
  const calls = holdSends(t, app)
  await app.smsOutbox.enqueue(await challenge(app))
  await until('the carrier is called', () => calls.length === 1)
  await proxy.cut()
  calls[0]?.resolve()
  const start = performance.now()
  await app.close()
  t.ok(millisecondsSince(start) > 900 && millisecondsSince(start) < promptMs, `after ${millisecondsSince(start)} ms`)
  t.same(await countsOf(app), counts({}))
})

t.test('a job whose challenge cannot be opened is retried without a counted attempt', async (t) => {
  const { app, log } = await open(t)
  const accepted = acceptAll(t, app)
  const { open: openChallenge } = app.otp
  let attempts = 0
  t.intercept(app.otp, 'open', {
    value: async (id: string) => {
      if (attempts++ === 0) throw new Error('away')
      return await openChallenge(id)
    }
  })
  const job = await challenge(app)
  await app.smsOutbox.enqueue(job)
  await until('the job is sent', () => accepted.length === 1)
  t.match(log.filter(({ msg }) => msg === 'SMS waits'), [{ deliveryId: job.deliveryId, err: { message: 'away' } }])
  t.match(await app.deliveries.find(job.deliveryId), { attempts: 1, ambiguous: 0 })
})

/** Returns all matching data of a Redis as text. */
async function dump (redis: Redis, pattern: string): Promise<string> {
  const texts = []
  for (const key of await redis.keys(pattern)) {
    const type = await redis.type(key)
    const value = type === 'hash'
      ? await redis.hgetall(key)
      : type === 'list'
        ? await redis.lrange(key, 0, -1)
        : type === 'zset'
          ? await redis.zrange(key, '0', '-1')
          : type === 'set' ? await redis.smembers(key) : type === 'stream' ? await redis.xrange(key, '-', '+') : await redis.get(key)
    texts.push(JSON.stringify([key, value]))
  }
  return texts.join('\n')
}

t.test('jobs, results and failures contain no code, number or name', async (t) => {
  const { app } = await openOutbox(t, { env: { ...share(), OTP_LENGTH: '10' } })
  const phone = createPhone()
  const job = await challenge(app, phone, 'Asha Rani')
  const code = (await app.otp.open(job.challengeId))?.code ?? 'none'
  const calls = holdSends(t, app)
  await app.smsOutbox.enqueue(job)
  await app.smsOutbox.enqueue({ notice: 'phone_changed', ...app.otp.sealPhone('phone_changed', phone) })
  for (const [at, error] of [[2, new Error(`${phone} said ${code}`)], [4, new Error(`${phone} again`)]] as const) {
    await until('both jobs are in flight', () => calls.length === at)
    for (const call of calls.slice(at - 2)) call.reject(error)
  }
  await untilCounted(app, 'failed', 2)
  const redis = new Redis(serviceUrl('TEST_REDIS_URL'))
  t.teardown(() => { redis.disconnect() })
  const prefix = createQueueKeys(app.secrets).jobs.split(':')[0]
  const dumps = [`${prefix}*`, `*${job.challengeId.split('.')[0]}*`, 'delivery:*'].map(async (pattern) => await dump(redis, pattern))
  const text = (await Promise.all(dumps)).join('\n')
  t.match(text, job.challengeId)
  t.same([code, phone.slice(1), phone.slice(3), 'Asha', 'Rani'].filter((secret) => text.includes(secret)), [])
})
