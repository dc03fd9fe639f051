import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { credentialsOf, openCarrier } from '../../../support/carrier.ts'
import { report, formOf, publicUrl, sentDelivery } from '../../../support/receipts.ts'
import { createProviderHealth } from '../../../../plugins/sms/providers/provider-health.ts'
import { createSuspensionStore } from '../../../../plugins/sms/providers/suspension-store.ts'
import { failureOf, message } from '../../../contracts/sms-provider.ts'
import { serviceUrl } from '../../../support/databases.ts'
import { build, createClock } from '../../../support/helper.ts'
import { until } from '../../../support/polling.ts'

const minute = 60_000
/** The secret separates these services from those of other tests on the same Redis. */
const redisEnv = { REDIS_URL: serviceUrl('TEST_REDIS_URL'), PHONE_HASH_SECRET: randomUUID() }

/** Opens a service that sends through its own emulator, which verifies the receipts of the test. */
async function open (t: Test, env: Record<string, string> = {}) {
  const clock = createClock()
  const app = await build(t, { env: { PUBLIC_URL: publicUrl, ...env }, clock })
  return { app, clock, state: async () => (await app.health.report()).get('sms:twilio') }
}

async function fail (app: FastifyInstance, code: string, status = 'undelivered') {
  const delivery = await sentDelivery(app)
  const form = formOf(delivery.messageId, status, { ErrorCode: code })
  t.equal((await report(app, form, { delivery: delivery.id })).status, 204)
  return { ...delivery, form }
}

async function countsOf ({ metrics: { registry } }: FastifyInstance): Promise<Record<string, number>> {
  const lines = (await registry.metrics()).matchAll(/^cheershare_sms_carrier_codes_total\{provider="twilio",code="(\w+)"\} (\d+)$/gm)
  return Object.fromEntries([...lines].map(([, code, count]) => [String(code), Number(count)]))
}

for (const code of ['30034', '30032', '30002', '30018', '21606']) {
  t.test(`a receipt with ${code} suspends the provider for a minute, as a reply does, until a probe is accepted`, async (t) => {
    const { app, clock, state } = await open(t)
    t.equal(await state(), 'up')
    await fail(app, code)
    t.equal(await state(), 'degraded')
    t.equal((await app.inject('/health/ready')).statusCode, 200)
    t.match(await failureOf(t, app.sms.send(message)), { failure: 'closed', retryAfterMs: minute })
    clock.advance(minute - 1)
    t.match(await failureOf(t, app.sms.send(message)), { failure: 'closed', retryAfterMs: 1 })
    clock.advance(1)
    t.match(await app.sms.send(message), { provider: 'twilio' })
    t.equal(await state(), 'up')
    t.same(await countsOf(app), { [code]: 1 })
  })
}

for (const code of ['30003', '30004', '30007', '30008', '30038', '30450', '21610', '99999']) {
  t.test(`a receipt with ${code} is counted and suspends nothing`, async (t) => {
    const { app, state } = await open(t)
    await fail(app, code)
    t.equal(await state(), 'up')
    t.same(await countsOf(app), { [code]: 1 })
  })
}

t.test('repeated, late and unknown receipts are counted once or not at all, and do not prolong a suspension', async (t) => {
  const { app, clock, state } = await open(t)
  const first = await fail(app, '30034')
  t.match(await first.record(), { state: 'failed', reason: 'not_sent' })
  clock.advance(minute - 1)
  await report(app, first.form, { delivery: first.id })
  await fail(app, '30034')
  t.same(await countsOf(app), { 30034: 2 })
  clock.advance(1)
  t.match(await app.sms.send(message), { provider: 'twilio' }, 'the second receipt did not begin another minute')
  await report(app, first.form, { delivery: first.id })
  const delivered = await sentDelivery(app)
  await report(app, formOf(delivered.messageId, 'delivered'), { delivery: delivered.id })
  await report(app, formOf(delivered.messageId, 'undelivered', { ErrorCode: '30034' }), { delivery: delivered.id })
  await report(app, formOf('SM-unknown', 'undelivered', { ErrorCode: '30034' }))
  t.equal(await state(), 'up')
  t.same(await countsOf(app), { 30034: 2 })
})

t.test('codes of replies are counted too, and numbers that are no codes share a label', async (t) => {
  const { app } = await open(t)
  for (const code of [30007, 30007, 123_456, 1.5, -1]) {
    app.carrier?.faults.add({ fault: { kind: 'refuse', status: 400, code }, times: 1 })
    await failureOf(t, app.sms.send(message))
  }
  t.same(await countsOf(app), { 30007: 2, other: 3 })
})

t.test('a receipt of a provider that SMS_PROVIDERS does not name is only counted', async (t) => {
  const { app, state } = await open(t)
  await app.carrierFaults.record({ provider: 'webhook', carrierCode: 30034, isSenderFault: true })
  t.equal(await state(), 'up')
  t.match(await app.metrics.registry.metrics(), 'cheershare_sms_carrier_codes_total{provider="webhook",code="30034"} 1')
})

t.test('a receipt at one instance suspends the provider on the others with the same Redis', async (t) => {
  const [one, other] = [await open(t, redisEnv), await open(t, redisEnv)]
  t.teardown(async () => { await one.app.redis.del('sms:stopped:twilio') })
  await fail(one.app, '30034')
  t.equal(await other.state(), 'degraded')
  // The first call reads the suspension, without waiting for it.
  await other.app.sms.send(message)
  await until('the other instance adopts the suspension', async () => {
    other.clock.advance(5000)
    return await other.app.sms.send(message).then(() => false, ({ failure }: { failure: string }) => failure === 'closed')
  })
  other.clock.advance(minute)
  t.match(await other.app.sms.send(message), { provider: 'twilio' })
  t.equal(await other.state(), 'up', 'the accepted probe ends the stored suspension')
})

t.test('an instance that only queues reports the suspension for a minute and sends no probe', async (t) => {
  const { app, state } = await open(t, { ...redisEnv, SMS_DELIVERY: 'off', ...credentialsOf(await openCarrier(t)) })
  t.teardown(async () => { await app.redis.del('sms:stopped:twilio') })
  await app.carrierFaults.record({ provider: 'twilio', carrierCode: 30034, isSenderFault: true })
  t.equal(await state(), 'degraded')
  await app.redis.del('sms:stopped:twilio')
  t.equal(await state(), 'up', 'the processes that send have ended it')
})

t.test('a failure to read the suspensions of other instances delays no call', async (t) => {
  const store = { ...createSuspensionStore(undefined), isReported: async () => { throw new Error('no reply') } }
  const log = { info () {}, warn () {}, error () {} }
  const health = createProviderHealth({ provider: 'twilio', store, now: Date.now, log })
  t.equal(await health.guard(async () => 'SM1'), 'SM1')
  t.equal(health.isSuspended, false)
})
