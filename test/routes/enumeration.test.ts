import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { serviceUrl } from '../support/databases.ts'
import { build, createClock, createPhone, readCode, signUp } from '../support/helper.ts'

/** Everything of an answer that a client sees, but for what differs between any two answers. */
async function look (app: FastifyInstance, url: string, payload: object) {
  const { statusCode, headers, body } = await app.inject({ method: 'POST', url, payload })
  const { date: _date, ...told } = headers
  return { statusCode, headers: told, body: body.replace(/"(request|delivery)_id":"[^"]*"/, '"$1_id":""') }
}

/** How much work a request was: statements, and Redis commands but for the outbox's look at what to send and the clock. */
function countWork (t: Test, app: FastifyInstance): () => { statements: number, commands: string[] } {
  const statements = t.capture(app.db, 'executeQuery', app.db.executeQuery)
  const { redis } = app as { redis?: { sendCommand (command: { name: string }): unknown } }
  const commands = redis === undefined ? () => [] : t.capture(redis, 'sendCommand', redis.sendCommand)
  return () => ({ statements: statements().length, commands: commands().map(({ args: [{ name }] }) => name).filter((name) => !['get', 'time'].includes(name)) })
}

for (const [where, env] of [['in memory', {}], ['in Redis', { REDIS_URL: serviceUrl('TEST_REDIS_URL') }]] as const) {
  t.test(`numbers with and without an account are told the same, after the same work (${where})`, async (t) => {
    const app = await build(t, { env, clock: createClock() })
    const registered = (await signUp(app)).phone
    // The sending goes on in the background, at a moment of its own.
    t.intercept(app.smsDelivery, 'run', { value: async () => ({ kind: 'done' }) })
    const work = countWork(t, app)
    await look(app, '/login', { phone_number: createPhone() })
    const steps: Array<[string, (phone: string) => object]> = [
      ['/login', (phone) => ({ phone_number: phone })],
      ['/login', (phone) => ({ phone_number: phone })],
      ['/signup', (phone) => ({ phone_number: phone, name: 'Asha' })],
      ['/verify', (phone) => ({ phone_number: phone, otp: '0000' })],
      ['/verify', (phone) => ({ phone_number: phone, otp: '0000', name: 'Asha' })],
      ['/signup', (phone) => ({ phone_number: phone, otp: '0000' })],
      ['/verify', (phone) => ({ phone_number: phone, otp: '0000' })],
      ['/verify', (phone) => ({ phone_number: phone, otp: '0000' })],
      ['/verify', (phone) => ({ phone_number: phone, otp: '0000' })],
      ['/login', (phone) => ({ phone_number: phone })]
    ]
    const unknown = createPhone()
    for (const [index, [url, bodyFor]] of steps.entries()) {
      work()
      const [first, firstWork] = [await look(app, url, bodyFor(registered)), work()]
      const [second, secondWork] = [await look(app, url, bodyFor(unknown)), work()]
      t.strictSame(second, first, `step ${index}: ${url}`)
      t.strictSame(secondWork, firstWork, `step ${index}: as much work`)
    }
  })
}

t.test('the SMS is the same for both, but for its code', async (t) => {
  const app = await build(t)
  const registered = await signUp(app)
  const unknown = createPhone()
  for (const phone of [registered.phone, unknown]) await look(app, '/login', { phone_number: phone })
  await readCode(app, registered.phone, 2)
  await readCode(app, unknown)
  const text = (phone: string) => app.carrier?.messages({ to: phone })[0]?.body.replace(/\d{6}/, 'CODE')
  t.equal(text(registered.phone), text(unknown))
})
