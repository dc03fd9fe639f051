import t, { type Test } from 'tap'
import { SmsError } from '../../../../plugins/sms/providers/contract.ts'
import type { ComposeOptions } from '../../../support/compose.ts'
import { createClock } from '../../../support/helper.ts'
import { challenge, counts, countsOf, holdSends, openOutbox, acceptAll, untilCounted } from '../../../support/outbox.ts'
import { until } from '../../../support/polling.ts'

const pauseMs = 5000
const closed = new SmsError({ failure: 'closed', detail: 'its circuit is open', retryAfterMs: pauseMs })

async function open (t: Test, options: ComposeOptions = {}) {
  const clock = createClock()
  return { clock, ...await openOutbox(t, { clock, ...options }) }
}

async function stateOf ({ metrics: { registry } }: Awaited<ReturnType<typeof open>>['app']): Promise<Record<string, number>> {
  const lines = (await registry.metrics()).matchAll(/^cheershare_sms_queue_(?:depth\{state="(\w+)"\}|(oldest_seconds)) (\S+)$/gm)
  return Object.fromEntries([...lines].map(([, state, other = '', value]) => [state ?? other, Number(value)]))
}

t.test('queueing a job does not wait for the carrier', async (t) => {
  const { app } = await open(t)
  const calls = holdSends(t, app)
  await app.smsOutbox.enqueue(await challenge(app))
  await until('the carrier is called', () => calls.length === 1)
  t.same(await countsOf(app), counts({}))
  calls[0]?.resolve()
  await untilCounted(app, 'sent')
})

t.test('a job that waits for a retry does not use a concurrency slot', async (t) => {
  const { app, clock } = await open(t)
  const calls = holdSends(t, app)
  for (let jobs = 0; jobs < 51; jobs++) await app.smsOutbox.enqueue(await challenge(app))
  await until('fifty jobs are in flight', () => calls.length === 50)
  calls[0]?.reject(closed)
  await until('the job waits, and another job has its slot', () => clock.sleeping === 1 && calls.length === 51)
  for (const call of calls.slice(1)) call.resolve()
  await untilCounted(app, 'sent', 50)
  clock.advance(pauseMs - 1)
  t.equal(clock.sleeping, 1)
  clock.advance(1)
  await until('the carrier is called again', () => calls.length === 52)
  calls.at(-1)?.resolve()
  await untilCounted(app, 'sent', 51)
})

t.test('a pending job that is queued again is sent once (dedup)', async (t) => {
  const { app, clock } = await open(t)
  const calls = holdSends(t, app)
  const job = await challenge(app)
  for (let times = 0; times < 3; times++) await app.smsOutbox.enqueue(job)
  await until('the carrier is called', () => calls.length === 1)
  calls[0]?.reject(closed)
  await until('the job waits', () => clock.sleeping === 1)
  await app.smsOutbox.enqueue(job)
  t.match(await stateOf(app), { waiting: 0, active: 0, delayed: 1 })
  clock.advance(pauseMs)
  await until('the carrier is called again', () => calls.length === 2)
  calls[1]?.resolve()
  await untilCounted(app, 'sent')
  t.equal(calls.length, 2)
})

t.test('two equal notices are two jobs', async (t) => {
  const { app } = await open(t)
  const accepted = acceptAll(t, app)
  const notice = { notice: 'phone_changed' as const, ...app.otp.sealPhone('phone_changed', '+918123456789') }
  await Promise.all([app.smsOutbox.enqueue(notice), app.smsOutbox.enqueue(notice)])
  await untilCounted(app, 'sent', 2)
  t.equal(new Set(accepted.map(({ id }) => id)).size, 2)
})

t.test('the metrics include depth and age of the queue', async (t) => {
  const { app, clock } = await open(t)
  const calls = holdSends(t, app)
  t.same(await stateOf(app), { waiting: 0, active: 0, delayed: 0, oldest_seconds: 0 })
  for (let jobs = 0; jobs < 60; jobs++) await app.smsOutbox.enqueue(await challenge(app))
  await until('fifty jobs are in flight', () => calls.length === 50)
  clock.advance(1500)
  t.same(await stateOf(app), { waiting: 10, active: 50, delayed: 0, oldest_seconds: 1.5 })
  for (const call of calls.splice(0)) call.resolve()
  await until('the other ten jobs are in flight', () => calls.length === 10)
  for (const call of calls) call.resolve()
  await untilCounted(app, 'sent', 60)
  t.same(await stateOf(app), { waiting: 0, active: 0, delayed: 0, oldest_seconds: 0 })
})

t.test('an unexpected failure of a job is logged, and the next job is sent', async (t) => {
  const clock = { ...createClock(), sleep: async () => { throw new Error('the clock is broken') } }
  const { app, log } = await open(t, { clock })
  const calls = holdSends(t, app)
  await app.smsOutbox.enqueue(await challenge(app))
  await until('the carrier is called', () => calls.length === 1)
  calls[0]?.reject(closed)
  await until('the failure is logged', () => log.some(({ msg }) => msg === 'SMS job failed'))
  await app.smsOutbox.enqueue(await challenge(app))
  await until('the carrier is called', () => calls.length === 2)
  calls[1]?.resolve()
  await untilCounted(app, 'sent')
})

t.test('close awaits jobs in flight and their retries, and accepts no new jobs', async (t) => {
  const { app, log, clock } = await open(t)
  const calls = holdSends(t, app)
  await app.smsOutbox.enqueue(await challenge(app))
  const late = await challenge(app)
  await until('the carrier is called', () => calls.length === 1)
  let isClosed = false
  const closing = app.close().then(() => { isClosed = true })
  await until('the shutdown awaits the job', () => log.some(({ msg, outstanding }) => msg === 'completing background tasks' &&
    outstanding === 1))
  t.throws(() => app.smsOutbox.assertCapacity(), { code: 'CHR_UNAVAILABLE', dependency: 'sms-outbox' })
  await t.rejects(app.smsOutbox.enqueue(late), { code: 'CHR_UNAVAILABLE', dependency: 'sms-outbox' })
  calls[0]?.reject(closed)
  await until('the job waits for its next attempt', () => clock.sleeping === 1)
  clock.advance(pauseMs)
  await until('the carrier is called again', () => calls.length === 2)
  t.equal(isClosed, false)
  calls[1]?.resolve()
  await closing
  t.same(await countsOf(app), counts({ sent: 1 }))
})

t.test('close abandons jobs after SHUTDOWN_SMS_SECONDS, counts and logs them', async (t) => {
  const { app, log } = await open(t, { env: { SHUTDOWN_SMS_SECONDS: '1', SMS_CONCURRENCY: '20' } })
  const calls = holdSends(t, app)
  for (let count = 0; count < 60; count++) await app.smsOutbox.enqueue(await challenge(app))
  await until('the concurrency limit is reached', () => calls.length === 20)
  const start = performance.now()
  await app.close()
  t.ok(performance.now() - start >= 990, 'close waits for a second')
  t.same(await countsOf(app), counts({ abandoned: 60 }))
  t.match(log.filter(({ msg }) => msg === 'SMS left unsent'), [{ abandoned: 60 }])
})

t.test('close without jobs in flight is immediate', async (t) => {
  const { app, log } = await open(t, { env: { SHUTDOWN_SMS_SECONDS: '3600' } })
  await app.close()
  t.match(log.filter(({ msg }) => msg === 'completing background tasks'), [{ outstanding: 0 }])
  t.same(await countsOf(app), counts({}))
})
