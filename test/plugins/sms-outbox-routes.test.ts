import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { build, createPhone, postJson, readCode } from '../helper.ts'
import { until } from '../polling.ts'

const maximumUnderWay = 50
const maximumWaiting = 10_000

/** A sender that answers nothing until it is let go. */
function holdSender (t: Test, app: FastifyInstance): { asked: () => number, letGo: () => void } {
  const { send } = app.sms
  const gate = Promise.withResolvers<void>()
  let asked = 0
  t.intercept(app.sms, 'send', {
    value: async (...args: Parameters<typeof send>) => {
      asked += 1
      await gate.promise
      return await send(...args)
    }
  })
  return { asked: () => asked, letGo: gate.resolve }
}

for (const [url, body] of [['/signup', { name: 'Asha' }], ['/login', {}]] as const) {
  t.test(`POST ${url} answers before its SMS is sent`, async (t) => {
    const app = await build(t)
    const phone = createPhone()
    const { asked, letGo } = holdSender(t, app)
    const { status } = await postJson(app, url, { ...body, phone_number: phone })
    t.equal(status, 200)
    t.same(app.carrier?.messages(), [])
    await until('the carrier is asked', () => asked() === 1)
    letGo()
    t.match(await readCode(app, phone), /^\d{6}$/)
  })
}

t.test('with too many SMS waiting POST /signup answers 503, and gets its SMS once there is room', async (t) => {
  const app = await build(t)
  const { asked, letGo } = holdSender(t, app)
  const phone = createPhone()
  const outcome = await app.otp.request({ phone, name: 'Asha' })
  if (outcome.kind !== 'sent') return t.fail('no SMS is due')
  const fill = async (count: number) => {
    for (; count > 0; count--) await app.smsOutbox.enqueue({ challengeId: outcome.challengeId, send: 1 })
  }
  await fill(maximumUnderWay)
  await until('as many as may be are under way', () => asked() === maximumUnderWay)
  await fill(maximumWaiting)
  const signup = { name: 'Ravi', phone_number: createPhone() }
  t.match(await postJson(app, '/signup', signup), { status: 503, body: { code: 'CHR_UNAVAILABLE' }, headers: { 'retry-after': '1' } })

  // Once the code is used, the SMS that wait for their turn are dropped.
  const code = (await app.otp.open(outcome.challengeId))?.code ?? ''
  t.match(await app.otp.verify({ phone, code, canRegister: true }), { kind: 'right' })
  letGo()
  const { registry } = app.metrics
  await until('there is room', async () => (await registry.metrics()).includes(`cheershare_sms_total{outcome="dropped"} ${maximumWaiting}\n`))
  t.match(await postJson(app, '/signup', signup), { status: 200 })
  t.match(await readCode(app, signup.phone_number), /^\d{6}$/)
})
