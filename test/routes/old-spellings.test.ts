import { randomInt } from 'node:crypto'
import t, { type Test } from 'tap'
import { serviceUrl } from '../support/databases.ts'
import { build, createPhone, postJson, readCode, signUp } from '../support/helper.ts'
import { until } from '../support/polling.ts'

type App = Awaited<ReturnType<typeof build>>

/** Returns the old and the new spelling of a random line in Benin. */
function createLine (): { old: string, current: string } {
  const rest = `97${String(randomInt(1_000_000)).padStart(6, '0')}`
  return { old: `+229${rest}`, current: `+22901${rest}` }
}

/** Stores an account as an earlier release has registered it. */
async function register (app: App, phone: string, name = 'Asha'): Promise<number> {
  const insert = 'insert into users (name, phone_number) values ($1, $2) returning id'
  const { rows } = await app.pg.pool.query<{ id: number }>(insert, [name, phone])
  return Number(rows[0]?.id)
}

/** `count` is the number of SMS that the line has got then. */
async function signIn (app: App, line: { current: string }, typed: string, count = 1) {
  await postJson(app, '/login', { phone_number: typed })
  return await postJson(app, '/verify', { phone_number: typed, otp: await readCode(app, line.current, count) })
}

const stores: Record<string, Record<string, string>> = { memory: {}, Redis: { REDIS_URL: serviceUrl('TEST_REDIS_URL') } }

for (const [store, env] of Object.entries(stores)) {
  t.test(`with codes in ${store}, an account under an old spelling`, async (t: Test) => {
    const app = await build(t, { env })
    const auth = ({ token }: { token?: string }) => ({ authorization: `Bearer ${token}` })

    for (const spelling of ['old', 'current'] as const) {
      await t.test(`is found by the ${spelling} spelling, and gets its SMS at the current one`, async (t) => {
        const line = createLine()
        const id = await register(app, line.old)
        const reply = await signIn(app, line, line[spelling])
        t.match(reply, {
          status: 200, body: { message: 'User logged in successfully', data: { id, name: 'Asha', phone_number: line.current } }
        })
        const me = await app.inject({ url: '/me', headers: auth(reply.body) })
        t.match(me.json(), { data: { id, phone_number: line.current } })
      })
    }

    await t.test('is not named again by a sign-up under the current spelling', async (t) => {
      const line = createLine()
      const id = await register(app, line.old)
      await postJson(app, '/signup', { phone_number: line.current, name: 'Stranger' })
      const reply = await postJson(app, '/signup', { phone_number: line.old, name: 'Stranger', otp: await readCode(app, line.current) })
      t.match(reply, { status: 200, body: { data: { id, name: 'Asha' } } })
      const { rows } = await app.pg.pool.query('select from users where phone_number = any($1)', [[line.old, line.current]])
      t.equal(rows.length, 1)
    })

    await t.test('is left as it is where the current spelling has an account, too', async (t) => {
      const line = createLine()
      await register(app, line.old)
      const id = await register(app, line.current, 'Ravi')
      for (const [index, typed] of [line.old, line.current].entries()) {
        t.match(await signIn(app, line, typed, index + 1), { status: 200, body: { data: { id, name: 'Ravi' } } })
      }
    })

    await t.test('trusts its devices under both spellings', async (t) => {
      const line = createLine()
      await register(app, line.old)
      const { body } = await signIn(app, line, line.old)
      const wrong = { phone_number: line.current, otp: '0000' }
      for (let tries = 0; tries < 5; tries++) await postJson(app, '/verify', wrong)
      t.match(await postJson(app, '/login', { phone_number: line.current }), { status: 429 })
      t.match(await postJson(app, '/login', { phone_number: line.old, device_token: body.device_token }), { status: 200 })
    })

    await t.test('revokes its live codes when it is deleted', async (t) => {
      const line = createLine()
      await register(app, line.old)
      const { body } = await signIn(app, line, line.current)
      await postJson(app, '/signup', { phone_number: line.current, name: 'Asha' })
      const otp = await readCode(app, line.current, 2)
      t.equal((await app.inject({ method: 'DELETE', url: '/me', headers: auth(body) })).statusCode, 200)
      t.match(await postJson(app, '/verify', { phone_number: line.current, otp }), { status: 401 })
    })

    await t.test('keeps its number from other accounts until one of them takes it over', async (t) => {
      const line = createLine()
      const id = await register(app, line.old)
      const { authorization } = await signUp(app)
      const request = async (url: string, payload: object) => await app.inject({ method: 'POST', url, headers: { authorization }, payload })
      await request('/me/phone-number', { phone_number: line.current })
      const otp = await readCode(app, line.current)
      t.match((await request('/me/phone-number/verify', { otp })).json(), { code: 'CHR_PHONE_TAKEN' })
      t.match((await request('/me/phone-number/verify', { otp, take_over: true })).json(), {
        data: { phone_number: line.current }
      })
      const { rows } = await app.pg.pool.query('select phone_number from users where id = $1', [id])
      t.same(rows, [{ phone_number: null }])
    })

    await t.test('has the number already that its line has today, and its owner learns of a move there', async (t) => {
      const line = createLine()
      await register(app, line.old)
      const { body } = await signIn(app, line, line.old)
      const request = async (url: string, payload: object) => await app.inject({ method: 'POST', url, headers: auth(body), payload })
      t.match((await request('/me/phone-number', { phone_number: line.current })).json(), { error: /already the number of the account/ })
      const phone = createPhone()
      await request('/me/phone-number', { phone_number: phone })
      t.equal((await request('/me/phone-number/verify', { otp: await readCode(app, phone) })).statusCode, 200)
      await until('the notice of the move arrives', () => app.carrier?.messages({ to: line.current }).length === 2)
    })
  })
}
