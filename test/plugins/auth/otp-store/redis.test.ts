import t from 'tap'
import { createRedisOtpStore } from '../../../../plugins/auth/otp-store/redis.ts'
import { UnavailableError } from '../../../../src/http/errors.ts'
import { testOtpStore } from '../../../contracts/otp-store.ts'
import { candidateAt, createNumber, rightAnswer } from '../../../contracts/otp-store/number.ts'
import { connect, createSpreadStore } from '../../../contracts/otp-store/redis-store.ts'
import { promptMs, until } from '../../../support/polling.ts'
import { spyOnRedis } from '../../../support/connection-spy.ts'

testOtpStore(t, createSpreadStore)

for (const state of ['gone', 'frozen'] as const) {
  t.test(`every step fails as unavailable within the deadline while Redis is ${state}, and works again afterwards`, async (t) => {
    const { proxy, env } = await spyOnRedis(t)
    const client = await connect(t, env['REDIS_URL'])
    const store = createRedisOtpStore(client)
    const number = createNumber(store)
    const id = await number.challenge()
    const { key, now } = number

    if (state === 'gone') await proxy.cut()
    else proxy.freeze()
    const start = performance.now()
    const steps = await Promise.allSettled([
      store.issue(key, { candidate: candidateAt(key), rules: { ttlMs: 1000, resendMs: 1000, sendsPerHour: 0, sendsPerDay: 0 }, now }),
      store.verify(key, rightAnswer(id), now),
      store.find(id, now),
      store.freeResend({ challengeId: id, sendAttempt: 1 }, now),
      store.unlock(key.tag)
    ])
    const elapsedMs = performance.now() - start
    t.ok(elapsedMs < promptMs, `${elapsedMs.toFixed(0)} ms`)
    for (const step of steps) {
      t.equal(step.status, 'rejected')
      if (step.status !== 'rejected') continue
      t.ok(step.reason instanceof UnavailableError)
      t.match(step.reason, { code: 'CHR_UNAVAILABLE', dependency: 'redis', cause: Error })
    }

    await proxy.restore()
    await until('Redis answers again', async () => await store.find(id, now).then(() => true, () => false))
    t.match(await createNumber(store).send(), { kind: 'sent' })
  })
}

t.test('steps work after Redis has lost the scripts', async (t) => {
  const client = await connect(t)
  const store = createRedisOtpStore(client)
  const number = createNumber(store)
  await number.challenge()
  await client.script('FLUSH')
  const id = await number.challenge()
  await client.script('FLUSH')
  t.strictSame((await Promise.all([number.answer(id), number.answer(id)])).map(({ kind }) => kind).sort(), ['right', 'used'])
})
