import { inspect } from 'node:util'
import t, { type Test } from 'tap'
import { SmsError } from '../../../plugins/sms/providers/contract.ts'
import type { ComposeOptions } from '../../support/compose.ts'
import { callLifeMs } from '../../../src/domain/sms/delivery-rules.ts'
import { toChangePurpose } from '../../../src/domain/auth/otp.ts'
import { createClock, createPhone } from '../../support/helper.ts'
import { challenge, counts, countsOf, holdSends, openOutbox, acceptAll } from '../../support/outbox.ts'
import { until } from '../../support/polling.ts'

const busy = new SmsError({ failure: 'busy', detail: 'status 429', status: 429 })
const ambiguous = new SmsError({ failure: 'ambiguous', detail: 'status 500', status: 500 })

async function open (t: Test, options: ComposeOptions = {}) {
  const clock = createClock()
  return { clock, ...await openOutbox(t, { clock, ...options }) }
}

t.test('an SMS contains the brand and the code, and no text that a user wrote', async (t) => {
  const { app, log } = await open(t)
  const accepted = acceptAll(t, app)
  const phone = createPhone()
  const job = await challenge(app, phone, 'Call +15551234567 now')
  t.same(await app.smsDelivery.run(job), { kind: 'done' })
  const code = (await app.otp.open(job.challengeId))?.code ?? 'none'
  t.same(accepted, [{
    id: job.deliveryId,
    to: phone,
    channel: 'sms',
    text: `Cheershare: your code is ${code}. It ends in 5 minutes. Never share it.`,
    code,
    appHash: undefined,
    language: 'en',
    country: 'IN',
    purpose: 'login',
    validitySeconds: 300
  }])
  t.match(await app.deliveries.find(job.deliveryId), { state: 'sent', provider: 'twilio', messageId: 'SM1', attempts: 1 })
  t.match(log.filter(({ msg }) => msg === 'SMS sent'), [{ ...job, messageId: 'SM1' }])
  const written = inspect(log, { depth: 12 })
  t.same([code, phone, 'Call'].filter((secret) => written.includes(secret)), [], 'the log holds no code, number or name')
})

t.test('a delivery uses the channel, language and country of its job', async (t) => {
  const { app } = await open(t)
  const accepted = acceptAll(t, app)
  const job = await challenge(app)
  await app.smsDelivery.run({ ...job, channel: 'whatsapp', language: 'es', country: 'IN' })
  t.match(accepted, [{ channel: 'whatsapp', language: 'es', text: /tu clave es/ }])
  t.match(await app.deliveries.find(job.deliveryId), { country: 'IN', challengeId: job.challengeId, send: 1 })
})

t.test('a job without a country takes it from the number, and a change of number is told from a login', async (t) => {
  const { app } = await open(t)
  const accepted = acceptAll(t, app)
  const issued = await app.otp.request({ phone: '+447400123456', purpose: toChangePurpose(7) })
  if (issued.kind !== 'sent') return t.fail(issued.kind)
  await app.smsDelivery.run({ challengeId: issued.challengeId, send: 1, deliveryId: 'change' })
  t.match(accepted, [{ id: 'change', country: 'GB', purpose: 'phone_change', language: 'en' }])
})

t.test('a notice is sent to its sealed number, and is dropped when the number cannot be unsealed', async (t) => {
  const { app, log } = await open(t)
  const accepted = acceptAll(t, app)
  const phone = createPhone()
  const notice = { notice: 'phone_changed' as const, deliveryId: 'first', ...app.otp.sealPhone('phone_changed', phone) }
  t.same(await app.smsDelivery.run(notice), { kind: 'done' })
  t.match(accepted, [{ id: 'first', to: phone, code: undefined, country: 'IN', purpose: 'phone_changed', text: /^Cheershare: .*moved to another phone number/ }])
  await app.smsDelivery.run({ ...notice, deliveryId: 'second', secretId: 'unknown' })
  await app.smsDelivery.run({ ...notice, deliveryId: 'third', sealed: notice.sealed.slice(1) })
  t.same(await countsOf(app), counts({ sent: 1, dropped: 2 }))
  t.notMatch(JSON.stringify(log), notice.sealed)
})

t.test('a message that the carrier accepted is not sent again when its job runs again', async (t) => {
  const { app } = await open(t)
  const accepted = acceptAll(t, app)
  const job = await challenge(app)
  for (let runs = 0; runs < 3; runs++) t.same(await app.smsDelivery.run(job), { kind: 'done' })
  t.equal(accepted.length, 1)
})

t.test('a second run of a job in flight joins the first run', async (t) => {
  const { app } = await open(t)
  const calls = holdSends(t, app)
  const job = await challenge(app)
  const runs = [app.smsDelivery.run(job), app.smsDelivery.run(job)]
  await until('the carrier is called', () => calls.length === 1)
  calls[0]?.resolve()
  t.same(await Promise.all(runs), [{ kind: 'done' }, { kind: 'done' }])
  t.equal(calls.length, 1)
})

t.test('a message claimed by another process waits until the claim expires, and may then be sent twice', async (t) => {
  const { app, clock } = await open(t)
  const accepted = acceptAll(t, app)
  const job = await challenge(app)
  await app.deliveries.claim(job.deliveryId, { claimant: 'other' }, clock.now())
  clock.advance(5000)
  t.same(await app.smsDelivery.run(job), { kind: 'again', afterMs: callLifeMs - 5000 })
  t.same(accepted, [])
  clock.advance(callLifeMs - 5000)
  t.same(await app.smsDelivery.run(job), { kind: 'done' })
  t.match(await app.deliveries.find(job.deliveryId), { state: 'sent', attempts: 1, ambiguous: 1 })
  t.equal(accepted.length, 1)
})

t.test('a temporary failure is retried, up to three attempts in total', async (t) => {
  const { app, log, clock } = await open(t)
  const calls = holdSends(t, app)
  const job = await challenge(app)
  for (const attempts of [1, 2, 3]) {
    const run = app.smsDelivery.run(job)
    await until('the carrier is called', () => calls.length === attempts)
    t.match(await app.deliveries.find(job.deliveryId), { state: 'sending', attempts }, 'the attempt is recorded before its outcome')
    calls.at(-1)?.reject(busy)
    const outcome = await run
    if (attempts < 3) t.match(outcome, { kind: 'again', afterMs: Number })
    else t.same(outcome, { kind: 'done' })
    if (outcome.kind === 'again') clock.advance(outcome.afterMs)
  }
  t.match(await app.deliveries.find(job.deliveryId), { state: 'failed', reason: 'not_sent', attempts: 3 })
  t.same(await countsOf(app), counts({ retried: 2, failed: 1 }))
  t.match(log.filter(({ msg }) => msg === 'SMS attempt failed'), [1, 2, 3].map(() => ({ err: { type: 'SmsError', message: /status 429/ } })))
  t.match(log.filter(({ msg }) => msg === 'SMS given up'), [{ level: 40, reason: 'not_sent' }], 'the log level is warn, which causes no alert')
})

t.test('an ambiguous outcome is retried once', async (t) => {
  const { app, clock } = await open(t)
  const calls = holdSends(t, app)
  const job = await challenge(app)
  for (const [attempts, kind, error] of [[1, 'again', ambiguous], [2, 'done', new TypeError('unexpected')]] as const) {
    const run = app.smsDelivery.run(job)
    await until('the carrier is called', () => calls.length === attempts)
    calls.at(-1)?.reject(error)
    const outcome = await run
    t.match(outcome, { kind })
    if (outcome.kind === 'again') clock.advance(outcome.afterMs)
  }
  t.match(await app.deliveries.find(job.deliveryId), { state: 'failed', attempts: 2, ambiguous: 1 })
})

t.test('an unexpected error is logged without its message', async (t) => {
  const { app, log } = await open(t)
  t.intercept(app.sms, 'send', { value: async () => { throw new TypeError('to +918123456789') } })
  await app.smsDelivery.run(await challenge(app))
  const noError: unknown = '+918123456789'
  t.intercept(app.sms, 'send', { value: async () => { throw noError } })
  await app.smsDelivery.run(await challenge(app))
  t.match(log.filter(({ msg }) => msg === 'SMS attempt failed'), [{ err: { message: /TypeError$/ } }, { err: { message: /string$/ } }])
  t.notMatch(JSON.stringify(log), '8123456789')
})

t.test('a job waits while no provider is available, and the wait does not count as an attempt', async (t) => {
  const { app } = await open(t)
  const closed = new SmsError({ failure: 'closed', detail: 'its circuit is open', retryAfterMs: 7000 })
  t.intercept(app.sms, 'send', { value: async () => { throw closed } })
  const job = await challenge(app)
  for (let runs = 0; runs < 5; runs++) t.same(await app.smsDelivery.run(job), { kind: 'again', afterMs: 7000 })
  t.match(await app.deliveries.find(job.deliveryId), { state: 'queued', attempts: 0 })
  t.same(await countsOf(app), counts({}), 'the wait does not count as a retry')
})

t.test('a permanent refusal is recorded with its reason and allows a resend at once', async (t) => {
  const { app } = await open(t)
  const error = new SmsError({ failure: 'recipient', detail: 'status 400, code 21610', reason: 'opted_out', provider: 'twilio' })
  t.intercept(app.sms, 'send', { value: async () => { throw error } })
  const phone = createPhone()
  const job = await challenge(app, phone)
  t.match(await app.otp.request({ phone }), { kind: 'waiting' })
  t.same(await app.smsDelivery.run(job), { kind: 'done' })
  t.match(await app.deliveries.find(job.deliveryId), { state: 'failed', reason: 'opted_out', provider: 'twilio', attempts: 1 })
  t.match(await app.otp.request({ phone }), { kind: 'sent', sendAttempt: 2 })
})

t.test('a job fails when the carrier requests a longer wait than the lifetime of the code', async (t) => {
  const { app } = await open(t)
  t.intercept(app.sms, 'send', { value: async () => { throw new SmsError({ failure: 'busy', detail: 'status 429', retryAfterMs: 600_000 }) } })
  const phone = createPhone()
  const job = await challenge(app, phone)
  t.same(await app.smsDelivery.run(job), { kind: 'done' })
  t.match(await app.deliveries.find(job.deliveryId), { state: 'failed', reason: 'not_sent', attempts: 1 })
  t.match(await app.otp.request({ phone }), { kind: 'sent', sendAttempt: 2 })
})

t.test('an SMS whose code has expired or was used is dropped', async (t) => {
  const { app, clock } = await open(t)
  const accepted = acceptAll(t, app)
  const [late, used] = [await challenge(app), await challenge(app)]
  const { phone, code } = await app.otp.open(used.challengeId) ?? { phone: '', code: '' }
  t.match(await app.otp.verify({ phone, code, canRegister: true }), { kind: 'right' })
  t.same(await app.smsDelivery.run(used), { kind: 'done' })
  clock.advance(app.config.auth.otpTtlSeconds * 1000)
  t.same(await app.smsDelivery.run(late), { kind: 'done' })
  t.same(accepted, [])
  t.same(await countsOf(app), counts({ dropped: 2 }))
  for (const { deliveryId } of [late, used]) t.match(await app.deliveries.find(deliveryId), { state: 'dropped' })
})

t.test('after a kill between recording a failure and allowing the resend, the next run allows the resend', async (t) => {
  const { app, clock } = await open(t)
  const accepted = acceptAll(t, app)
  const phone = createPhone()
  const job = await challenge(app, phone)
  const { challengeId, send, deliveryId } = job
  await app.deliveries.claim(deliveryId, { claimant: 'service', challengeId, send }, clock.now())
  await app.deliveries.complete(deliveryId, { kind: 'failed', reason: 'not_sent' }, clock.now())
  t.match(await app.otp.request({ phone }), { kind: 'waiting' })
  t.same(await app.smsDelivery.run(job), { kind: 'done' })
  t.match(await app.otp.request({ phone }), { kind: 'sent', sendAttempt: 2 })
  const notice = { notice: 'phone_changed' as const, deliveryId: 'notice', ...app.otp.sealPhone('phone_changed', phone) }
  await app.deliveries.claim('notice', { claimant: 'service' }, clock.now())
  await app.deliveries.complete('notice', { kind: 'failed', reason: 'not_sent' }, clock.now())
  t.same(await app.smsDelivery.run(notice), { kind: 'done' })
  t.same(accepted, [])
})
