import { inspect } from 'node:util'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import carrier from '../../plugins/carrier.ts'
import health from '../../plugins/health.ts'
import metrics from '../../plugins/metrics.ts'
import otp from '../../plugins/otp.ts'
import otpStore from '../../plugins/otp-store/index.ts'
import redis from '../../plugins/redis/index.ts'
import secrets from '../../plugins/secrets.ts'
import { SmsError, type OutgoingMessage, type SmsSender } from '../../plugins/sms/contract.ts'
import sms from '../../plugins/sms/index.ts'
import smsTexts from '../../plugins/sms-texts.ts'
import smsOutbox, { type CodeJob } from '../../plugins/sms-outbox.ts'
import type { Fault } from '../../src/carrier/faults.ts'
import { compose, type ComposeOptions } from '../compose.ts'
import { createClock, createPhone, serviceUrl } from '../helper.ts'
import { until } from '../polling.ts'
import { createProxy } from '../proxy.ts'

const plugins = [metrics, health, secrets, redis, otpStore, otp, carrier, sms, smsTexts, smsOutbox]
/** No pause is longer. */
const pauseMs = 2000
const taken = { provider: 'twilio', messageId: 'SM1' }
const refuse = (status: number, code: number): Fault => ({ kind: 'refuse', status, code })

async function open (t: Test, options: ComposeOptions = {}) {
  const clock = createClock()
  const { app, log } = await compose(t, plugins, { clock, ...options })
  const faults = app.carrier?.faults
  if (faults === undefined) throw new Error('no emulator')
  return { app, log, clock, faults }
}

/** Starts a challenge; its SMS is due. */
async function challenge (app: FastifyInstance, phone = createPhone(), name = 'Asha'): Promise<CodeJob> {
  const outcome = await app.otp.request({ phone, name })
  if (outcome.kind !== 'sent') throw new Error(`no SMS is due: ${outcome.kind}`)
  return { challengeId: outcome.challengeId, send: outcome.send }
}

async function countsOf ({ metrics: { registry } }: FastifyInstance): Promise<Record<string, number>> {
  const lines = (await registry.metrics()).matchAll(/^cheershare_sms_total\{outcome="(\w+)"\} (\d+)$/gm)
  return Object.fromEntries([...lines].map(([, outcome = '', count]) => [outcome, Number(count)]))
}

const counts = (some: Record<string, number>) => ({ sent: 0, retried: 0, failed: 0, dropped: 0, abandoned: 0, ...some })

async function untilCounted (app: FastifyInstance, outcome: string, count = 1): Promise<void> {
  await until(`${count} SMS ${outcome}`, async () => (await countsOf(app))[outcome] === count)
}

/** Puts a sender in whose calls the test ends itself. */
function holdSender (t: Test, app: FastifyInstance) {
  const calls: Array<PromiseWithResolvers<{ provider: string, messageId: string }>> = []
  const send: SmsSender['send'] = async () => {
    const call = Promise.withResolvers<{ provider: string, messageId: string }>()
    calls.push(call)
    return await call.promise
  }
  t.intercept(app.sms, 'send', { value: send })
  return calls
}

t.test('a notice goes to the number that is sealed in it, and to nobody once its secret is gone', async (t) => {
  const { app, log } = await open(t)
  const phone = createPhone()
  const notice = { notice: 'phone_changed' as const, ...app.otp.sealPhone('phone_changed', phone) }
  t.notOk(JSON.stringify(notice).includes(phone.slice(3)))
  await app.smsOutbox.enqueue(notice)
  await untilCounted(app, 'sent')
  t.match(app.carrier?.messages({ to: phone }), [{ body: /^Cheershare: .*moved to another phone number/ }])
  await app.smsOutbox.enqueue({ ...notice, secretId: 'unknown' })
  await app.smsOutbox.enqueue({ ...notice, sealed: notice.sealed.slice(1) })
  await untilCounted(app, 'dropped', 2)
  t.notMatch(JSON.stringify(log), notice.sealed)
})

t.test('an SMS names the sender and carries the code, and nothing that a user wrote', async (t) => {
  const { app, log } = await open(t)
  const phone = createPhone()
  const job = await challenge(app, phone, 'Call +15551234567 now')
  await app.smsOutbox.enqueue(job)
  await untilCounted(app, 'sent')
  const code = (await app.otp.open(job.challengeId))?.code ?? 'none'
  const messages = app.carrier?.messages() ?? []
  t.equal(messages.length, 1)
  t.match(messages[0], { to: phone, body: `Cheershare: your code is ${code}. It ends in 5 minutes. Never share it.` })
  t.match(log.filter(({ msg }) => msg === 'SMS sent'), [{ ...job, provider: 'twilio', messageId: messages[0]?.sid }])
  const written = inspect(log, { depth: 12 })
  t.same([code, phone, 'Call'].filter((secret) => written.includes(secret)), [], 'the log holds no code, number or name')
})

t.test('queueing a job does not wait for the carrier', async (t) => {
  const { app } = await open(t)
  const calls = holdSender(t, app)
  await app.smsOutbox.enqueue(await challenge(app))
  await until('the carrier was asked', () => calls.length === 1)
  t.same(await countsOf(app), counts({}))
  calls[0]?.resolve(taken)
  await untilCounted(app, 'sent')
})

t.test('a failure that may pass is tried again after a pause, and once more', async (t) => {
  const { app, log, clock, faults } = await open(t)
  faults.add({ fault: refuse(500, 20500), times: 1 })
  faults.add({ fault: refuse(429, 20429), times: 1 })
  await app.smsOutbox.enqueue(await challenge(app))
  for (const tries of [1, 2]) {
    await until('it waits for the next attempt', () => clock.sleeping === 1)
    t.match(await countsOf(app), { sent: 0, retried: tries })
    clock.advance(pauseMs)
    t.equal(clock.sleeping, 0)
  }
  await untilCounted(app, 'sent')
  t.same(await countsOf(app), counts({ sent: 1, retried: 2 }))
  t.equal(app.carrier?.messages().length, 1)
  t.match(log.filter(({ msg }) => msg === 'SMS attempt failed'), [{ err: { type: 'SmsError', message: /status 500, code 20500/ } }, { err: { message: /429/ } }])
})

t.test('after the third failure it is given up', async (t) => {
  const { app, log, clock, faults } = await open(t)
  faults.add({ fault: refuse(429, 20429), times: 3 })
  await app.smsOutbox.enqueue(await challenge(app))
  for (const tries of [1, 2]) {
    await untilCounted(app, 'retried', tries)
    await until('it waits for the next attempt', () => clock.sleeping === 1)
    clock.advance(pauseMs)
  }
  await untilCounted(app, 'failed')
  t.same(await countsOf(app), counts({ retried: 2, failed: 1 }))
  t.equal(clock.sleeping, 0)
  t.match(log.filter(({ msg }) => msg === 'SMS given up'), [{ failure: 'busy', attempts: 3 }])
  t.same(app.carrier?.messages(), [])
})

for (const [status, code, failure] of [[400, 21211, 'recipient'], [401, 20003, 'sender'], [403, 21610, 'recipient']] as const) {
  t.test(`a refusal for good (${status}, ${code}) is not tried again`, async (t) => {
    const { app, log, clock, faults } = await open(t)
    faults.add({ fault: refuse(status, code), times: 1 })
    await app.smsOutbox.enqueue(await challenge(app))
    await untilCounted(app, 'failed')
    t.same(await countsOf(app), counts({ failed: 1 }))
    t.equal(clock.sleeping, 0)
    t.match(log.filter(({ msg }) => msg === 'SMS given up'), [{ failure, attempts: 1 }])
    t.same(app.carrier?.messages(), [])
  })
}

t.test('an SMS whose code is over when its turn comes is dropped', async (t) => {
  const { app, clock, faults } = await open(t)
  faults.add({ fault: refuse(500, 20500), times: 1 })
  await app.smsOutbox.enqueue(await challenge(app))
  await until('it waits for the next attempt', () => clock.sleeping === 1)
  clock.advance(app.config.OTP_TTL_SECONDS * 1000)
  await untilCounted(app, 'dropped')
  t.same(await countsOf(app), counts({ retried: 1, dropped: 1 }))
  t.same(app.carrier?.messages(), [])
})

t.test('an SMS whose code was used meanwhile is dropped', async (t) => {
  const { app, clock, faults } = await open(t)
  faults.add({ fault: refuse(500, 20500), times: 1 })
  const job = await challenge(app)
  await app.smsOutbox.enqueue(job)
  await until('it waits for the next attempt', () => clock.sleeping === 1)
  const { phone, code } = await app.otp.open(job.challengeId) ?? { phone: '', code: '' }
  t.match(await app.otp.verify({ phone, code, canRegister: true }), { kind: 'right' })
  clock.advance(pauseMs)
  await untilCounted(app, 'dropped')
  t.same(app.carrier?.messages(), [])
})

t.test('while Redis is away an SMS waits, and goes out when it is back', async (t) => {
  const { hostname: host, port } = new URL(serviceUrl('TEST_REDIS_URL'))
  const wire = await createProxy(t, { host, port: Number(port) })
  const { app, clock } = await open(t, { env: { REDIS_URL: `redis://127.0.0.1:${wire.port}` } })
  t.teardown(async () => { await wire.restore() })
  const job = await challenge(app)
  await wire.cut()
  await app.smsOutbox.enqueue(job)
  await until('it waits for the next attempt', () => clock.sleeping === 1)
  t.same(await countsOf(app), counts({ retried: 1 }))
  await wire.restore()
  await until('Redis answers', async () => await app.redis.ping().then(() => true, () => false))
  clock.advance(pauseMs)
  await untilCounted(app, 'sent')
})

t.test('a job that fails as nobody foresaw is logged, and the next one is sent', async (t) => {
  const clock = { ...createClock(), sleep: async () => { throw new Error('time stands still') } }
  const { app, log, faults } = await open(t, { clock })
  faults.add({ fault: refuse(500, 20500), times: 1 })
  await app.smsOutbox.enqueue(await challenge(app))
  await until('it is logged', () => log.some(({ msg }) => msg === 'SMS job failed'))
  await app.smsOutbox.enqueue(await challenge(app))
  await untilCounted(app, 'sent')
})

t.test('fifty are sent at once, and no more', async (t) => {
  const { app } = await open(t)
  const calls = holdSender(t, app)
  const jobs = await Promise.all(Array.from({ length: 120 }, async () => await challenge(app)))
  for (const job of jobs) await app.smsOutbox.enqueue(job)
  for (const end of [50, 100, 120]) {
    await until(`${end} are under way`, () => calls.length >= end)
    t.equal(calls.length, end)
    for (const call of calls.slice(-50)) call.resolve(taken)
  }
  await untilCounted(app, 'sent', 120)
})

t.test('close awaits what is under way, retries included, and takes nothing new', async (t) => {
  const { app, log, clock } = await open(t)
  const calls = holdSender(t, app)
  await app.smsOutbox.enqueue(await challenge(app))
  const late = await challenge(app)
  await until('the carrier was asked', () => calls.length === 1)
  let isClosed = false
  const closing = app.close().then(() => { isClosed = true })
  await until('it completes what is left', () => log.some(({ msg, outstanding }) => msg === 'completing background tasks' && outstanding === 1))
  await t.rejects(app.smsOutbox.enqueue(late), { code: 'CHR_UNAVAILABLE', dependency: 'sms-outbox' })
  calls[0]?.reject(new SmsError({ failure: 'ambiguous', detail: 'status 500' }))
  await until('it waits for the next attempt', () => clock.sleeping === 1)
  clock.advance(pauseMs)
  await until('the carrier was asked again', () => calls.length === 2)
  t.equal(isClosed, false)
  calls[1]?.resolve(taken)
  await closing
  t.same(await countsOf(app), counts({ sent: 1, retried: 1 }))
})

t.test('close abandons what is not sent within SHUTDOWN_SMS_SECONDS, counts it and says so', async (t) => {
  const { app, log } = await open(t, { env: { SHUTDOWN_SMS_SECONDS: '1' } })
  const calls = holdSender(t, app)
  for (let count = 0; count < 60; count++) await app.smsOutbox.enqueue(await challenge(app))
  await until('as many as may be are under way', () => calls.length === 50)
  const start = performance.now()
  await app.close()
  t.ok(performance.now() - start >= 990, 'they got their time')
  t.same(await countsOf(app), counts({ abandoned: 60 }))
  t.match(log.filter(({ msg }) => msg === 'SMS left unsent'), [{ abandoned: 60 }])
})

t.test('close with nothing under way is at once', async (t) => {
  const { app, log } = await open(t, { env: { SHUTDOWN_SMS_SECONDS: '3600' } })
  await app.close()
  t.match(log.filter(({ msg }) => msg === 'completing background tasks'), [{ outstanding: 0 }])
  t.same(await countsOf(app), counts({}))
})

t.test('a second ambiguous outcome is the last: it could send the SMS a third time', async (t) => {
  const { app, log, clock, faults } = await open(t)
  faults.add({ fault: refuse(500, 20500), times: 3 })
  await app.smsOutbox.enqueue(await challenge(app))
  await until('it waits for the next attempt', () => clock.sleeping === 1)
  clock.advance(pauseMs)
  await untilCounted(app, 'failed')
  t.match(log.filter(({ msg }) => msg === 'SMS given up'), [{ failure: 'ambiguous', attempts: 2 }])
})

t.test('while no road may be asked an SMS waits, without using an attempt up', async (t) => {
  const { app, clock } = await open(t)
  const calls = holdSender(t, app)
  await app.smsOutbox.enqueue(await challenge(app))
  for (let count = 1; count <= 4; count++) {
    await until('a road is asked', () => calls.length === count)
    calls.at(-1)?.reject(new SmsError({ failure: 'closed', detail: 'stopped', retryAfterMs: 1000 }))
    await until('it waits', () => clock.sleeping === 1)
    clock.advance(1000)
  }
  await until('a road is asked', () => calls.length === 5)
  calls.at(-1)?.resolve(taken)
  await untilCounted(app, 'sent')
})

t.test('an SMS goes by the channel and in the language that were asked for, and a notice by SMS', async (t) => {
  const { app } = await open(t)
  const asked: OutgoingMessage[] = []
  t.intercept(app.sms, 'send', {
    value: async (message: OutgoingMessage) => {
      asked.push(message)
      return taken
    }
  })
  const job = await challenge(app)
  await app.smsOutbox.enqueue({ ...job, channel: 'whatsapp', language: 'de' })
  await untilCounted(app, 'sent')
  await app.smsOutbox.enqueue({ notice: 'phone_changed', language: 'de', ...app.otp.sealPhone('phone_changed', createPhone()) })
  await untilCounted(app, 'sent', 2)
  const { code } = await app.otp.open(job.challengeId) ?? {}
  t.match(asked, [
    { id: `${job.challengeId}-1`, channel: 'whatsapp', language: 'de', code, text: new RegExp(String(code)) },
    { id: /^phone_changed-/, channel: 'sms', language: 'de', code: undefined }
  ])
})
