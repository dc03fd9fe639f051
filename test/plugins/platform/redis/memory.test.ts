import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { credentialsOf, openCarrier } from '../../../support/carrier.ts'
import { build, createPhone, postJson, readCode, shortDeadlines, signUp } from '../../../support/helper.ts'
import { challenge, holdSends, openOutbox, share, untilCounted } from '../../../support/outbox.ts'
import { until } from '../../../support/polling.ts'
import { hold } from '../../../support/redis-servers.ts'
import { openRedis } from '../../../support/services/redis.ts'

/** Starts a server whose memory a test can declare full. */
async function openSmall (t: Test) {
  const service = await openRedis({})
  t.teardown(async () => { await service.stop() })
  const admin = hold(t, new Redis(service.url))
  const limitMemory = async (bytes: number) => { await admin.config('SET', 'maxmemory', String(bytes)) }
  return { url: service.url, fill: async () => { await limitMemory(1) }, free: async () => { await limitMemory(0) } }
}

t.test('while the memory of Redis is full, what needs a write is refused and sessions go on; nothing is lost', async (t) => {
  const { url, fill, free } = await openSmall(t)
  const app = await build(t, { env: { ...shortDeadlines, REDIS_URL: url } })
  const { authorization } = await signUp(app)
  const [known, phone] = [createPhone(), createPhone()]
  await postJson(app, '/signup', { name: 'Asha', phone_number: known })
  const otp = await readCode(app, known)
  await fill()

  for (const [path, payload] of [['/signup', { name: 'Asha', phone_number: phone }], ['/verify', { phone_number: known, otp }]] as const) {
    t.match(await postJson(app, path, payload), { status: 503, body: { code: 'CHR_UNAVAILABLE' } }, path)
  }
  t.equal((await app.inject({ url: '/protected', headers: { authorization } })).statusCode, 200, 'a session needs no Redis')
  const ready = await app.inject({ url: '/health/ready' })
  t.match([ready.statusCode, ready.json()], [503, { details: [{ path: 'redis', message: 'refuses writes' }] }])

  await free()
  t.equal((await postJson(app, '/verify', { phone_number: known, otp })).status, 200, 'the code was not used up')
  t.equal((await postJson(app, '/signup', { name: 'Asha', phone_number: phone })).status, 200, 'the refused request did not count')
  t.match(await readCode(app, phone), /^\d{6}$/)
  t.equal((await app.inject({ url: '/health/ready' })).statusCode, 200)
})

t.test('an SMS that the carrier accepts while the memory is full is recorded later, and sent once', async (t) => {
  const { url, fill, free } = await openSmall(t)
  const { app, log } = await openOutbox(t, { env: { ...share(), REDIS_URL: url } })
  const calls = holdSends(t, app)
  await app.smsOutbox.enqueue(await challenge(app))
  await until('the carrier is called', () => calls.length === 1)
  await fill()
  calls[0]?.resolve()
  await until('the outage is logged', () => log.some(({ msg }) => msg === 'Redis refuses writes'))
  await free()
  await untilCounted(app, 'sent')
  await until('the end of the outage is logged', () => log.some(({ msg }) => msg === 'Redis answers again'))
  t.equal(calls.length, 1)
})

t.test('an SMS that was queued before the memory was full is sent after it', async (t) => {
  const { url, fill, free } = await openSmall(t)
  const env = { ...share(), ...credentialsOf(await openCarrier(t)), REDIS_URL: url }
  const { app: service } = await openOutbox(t, { env: { ...env, SMS_DELIVERY: 'off' } })
  await service.smsOutbox.enqueue(await challenge(service))
  await fill()
  const { app: worker, log } = await openOutbox(t, { env })
  const calls = holdSends(t, worker)
  await until('the worker is refused', () => log.some(({ msg }) => msg === 'SMS queue' || msg === 'SMS waits'))
  t.equal(calls.length, 0)
  await free()
  await until('the worker sends the SMS', () => calls.length === 1)
  calls[0]?.resolve()
  await untilCounted(worker, 'sent')
})
