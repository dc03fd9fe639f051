import type { FastifyInstance } from 'fastify'
import pg from 'pg'
import t, { type Test } from 'tap'
import { serviceUrl } from '../support/databases.ts'
import { build, createClock, createPhone, readCode, signUp } from '../support/helper.ts'
import { confirmChange, requestChange } from '../support/phone-changes.ts'

/** Returns what a client sees of a response, without the date and the ids that differ in every response. */
async function observe (app: FastifyInstance, url: string, payload: object) {
  const { statusCode, headers, body } = await app.inject({ method: 'POST', url, payload })
  const { date: _date, ...visibleHeaders } = headers
  return { statusCode, headers: visibleHeaders, body: body.replace(/"(request|delivery)_id":"[^"]*"/, '"$1_id":""') }
}

/**
 * Returns a function that counts the SQL statements and lists the Redis commands since its last call, without those that run in the
 * background: they acknowledge SMS and probe the server.
 */
function countWork (t: Test, app: FastifyInstance): () => { statements: number, commands: string[] } {
  const statements = t.capture(app.db, 'executeQuery', app.db.executeQuery)
  const { redis } = app as { redis?: { sendCommand (command: { name: string, args: unknown[] }): unknown } }
  const commands = redis === undefined ? () => [] : t.capture(redis, 'sendCommand', redis.sendCommand)
  return () => ({
    statements: statements().length,
    commands: commands().map(({ args: [command] }) => command).filter(({ name, args }) => !(name === 'set' && args.includes('XX')))
      .map(({ name }) => name).filter((name) => !['get', 'time', 'ping', 'xdel', 'xack'].includes(name))
  })
}

for (const [where, env] of [['in memory', {}], ['in Redis', { REDIS_URL: serviceUrl('TEST_REDIS_URL') }]] as const) {
  t.test(`numbers with and without an account get the same responses after the same work (${where})`, async (t) => {
    const app = await build(t, { env, clock: createClock() })
    const registered = (await signUp(app)).phone
    // SMS are sent in the background at an unpredictable moment, so this test sends none.
    t.intercept(app.smsDelivery, 'run', { value: async () => ({ kind: 'done' }) })
    const work = countWork(t, app)
    // The first use of each script sends its text.
    const another = createPhone()
    for (let request = 0; request < 2; request++) await observe(app, '/login', { phone_number: another })
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
      const [first, firstWork] = [await observe(app, url, bodyFor(registered)), work()]
      const [second, secondWork] = [await observe(app, url, bodyFor(unknown)), work()]
      t.strictSame(second, first, `step ${index}: ${url}`)
      t.strictSame(secondWork, firstWork, `step ${index}: the same work`)
    }
  })
}

for (const [where, env] of [['in memory', {}], ['in Redis', { REDIS_URL: serviceUrl('TEST_REDIS_URL') }]] as const) {
  t.test(`a guess gets the same response after the same work whether or not a code of the number was used a moment ago (${where})`, async (t) => {
    const app = await build(t, { env, clock: createClock() })
    const signedIn = (await signUp(app)).phone
    t.intercept(app.smsDelivery, 'run', { value: async () => ({ kind: 'done' }) })
    const work = countWork(t, app)
    const guess = (phone: string) => ({ phone_number: phone, otp: '0000' })
    await observe(app, '/verify', guess(createPhone()))
    const unknown = createPhone()
    for (let count = 1; count <= 6; count++) {
      work()
      const [first, firstWork] = [await observe(app, '/verify', guess(signedIn)), work()]
      const [second, secondWork] = [await observe(app, '/verify', guess(unknown)), work()]
      t.strictSame(first, second, `guess ${count}`)
      t.strictSame(firstWork, secondWork, `guess ${count}: the same work`)
      t.equal(first.statusCode, count <= 5 ? 401 : 429)
    }
  })
}

t.test('a wrong code for a change gets the same response after the same statements for every number, also with take_over', async (t) => {
  const app = await build(t, { clock: createClock() })
  const query = t.capture(pg.Client.prototype, 'query', pg.Client.prototype.query)
  const replies = []
  for (const [phone, count] of [[(await signUp(app)).phone, 2], [createPhone(), 1]] as const) {
    const mover = await signUp(app)
    await requestChange(app, mover, phone)
    const otp = await readCode(app, phone, count)
    for (const takeOver of [undefined, true]) {
      query()
      const { status, body } = await confirmChange(app, mover, otp === '000000' ? '000001' : '000000', takeOver)
      // The pool checks its connections now and then, by statements without a name.
      const statements = query().map(({ args: [request] }) => request as pg.QueryConfig).filter(({ name }) => name !== undefined)
      replies.push({ status, body: { ...body, request_id: '' }, statements: statements.map(({ text }) => text) })
    }
  }
  t.match(replies[0], { status: 401, body: { code: 'CHR_OTP_INVALID' }, statements: [/from tokens/, /phone_changes/, /users/, /users/] })
  for (const reply of replies) t.strictSame(reply, replies[0])
})

t.test('the SMS to numbers with and without an account differ only in the code', async (t) => {
  const app = await build(t)
  const registered = await signUp(app)
  const unknown = createPhone()
  for (const phone of [registered.phone, unknown]) await observe(app, '/login', { phone_number: phone })
  await readCode(app, registered.phone, 2)
  await readCode(app, unknown)
  const text = (phone: string) => app.carrier?.messages({ to: phone })[0]?.body.replace(/\d{6}/, 'CODE')
  t.equal(text(registered.phone), text(unknown))
})
