import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { build, createClock, postJson, readCode, signUp } from '../support/helper.ts'
import { confirmChange, logIn, requestAs, requestChange } from '../support/phone-changes.ts'

const rounds = 10
const noLimits = { LIMIT_SENDS_PER_PHONE_HOUR: '0', LIMIT_SENDS_PER_PHONE_DAY: '0' }

const ownersOf = async (app: FastifyInstance, phone: string) =>
  (await app.pg.pool.query<{ id: number }>('select id from users where phone_number = $1', [phone])).rows.map(({ id }) => id)

t.test('one of two concurrent take-overs of a number gets it, and the other learns that the number is taken', async (t) => {
  const clock = createClock()
  const app = await build(t, { clock, env: noLimits })
  for (let round = 0; round < rounds; round++) {
    const owner = await signUp(app)
    const movers = [await signUp(app), await signUp(app)]
    const codes: string[] = []
    for (const [index, mover] of movers.entries()) {
      clock.advance(60_000)
      await requestChange(app, mover, owner.phone)
      codes.push(await readCode(app, owner.phone, index + 2))
    }
    const replies = await Promise.all(movers.map(async (mover, index) => await confirmChange(app, mover, codes[index] ?? '', true)))
    const winners = movers.filter((_mover, index) => replies[index]?.status === 200)
    t.ok(winners.length > 0)
    // The second one succeeds if it begins after the first has ended.
    for (const { status, body } of replies) t.ok(status === 200 || body.code === 'CHR_PHONE_TAKEN', body.code)
    const [current] = await ownersOf(app, owner.phone)
    t.ok(winners.some(({ userId }) => userId === current))
    t.equal((await requestAs(app, owner, 'GET', '/protected')).status, 401)
    t.equal((await logIn(app, owner.phone)).userId, current)
  }
})

t.test('a login with the number during the take-over leaves no valid session of either account', async (t) => {
  const clock = createClock()
  const app = await build(t, { clock, env: noLimits })
  for (let round = 0; round < rounds; round++) {
    const owner = await signUp(app)
    const mover = await signUp(app)
    await requestChange(app, mover, owner.phone)
    const code = await readCode(app, owner.phone, 2)
    clock.advance(60_000)
    await postJson(app, '/login', { phone_number: owner.phone })
    const loginCode = await readCode(app, owner.phone, 3)
    const [moved, login] = await Promise.all([
      confirmChange(app, mover, code, true), postJson(app, '/verify', { phone_number: owner.phone, otp: loginCode, name: 'Asha' })
    ])
    t.equal(moved.status, 200)
    t.ok([200, 401].includes(login.status), String(login.status))
    const token = String(login.body['token'])
    t.equal((await requestAs(app, { authorization: `Bearer ${token}` }, 'GET', '/protected')).status, 401)
    t.equal((await logIn(app, owner.phone)).userId, mover.userId, 'a later login finds the account that has the number')
  }
})

t.test('a take-over and a deletion of the old account at once move the number and leave no session', async (t) => {
  const app = await build(t, { env: noLimits })
  for (let round = 0; round < rounds; round++) {
    const owner = await signUp(app)
    const mover = await signUp(app)
    await requestChange(app, mover, owner.phone)
    const code = await readCode(app, owner.phone, 2)
    const [moved, deleted] = await Promise.all([confirmChange(app, mover, code, true), requestAs(app, owner, 'DELETE', '/me')])
    t.equal(moved.status, 200)
    t.ok([200, 401].includes(deleted.status), String(deleted.status))
    t.same(await ownersOf(app, owner.phone), [mover.userId])
    t.equal((await requestAs(app, owner, 'GET', '/protected')).status, 401)
  }
})

t.test('two accounts that take over the number of each other at once do not deadlock', async (t) => {
  const clock = createClock()
  const app = await build(t, { clock, env: noLimits })
  for (let round = 0; round < rounds; round++) {
    const [one, other] = [await signUp(app), await signUp(app)]
    await requestChange(app, one, other.phone)
    await requestChange(app, other, one.phone)
    const codes = [await readCode(app, other.phone, 2), await readCode(app, one.phone, 2)]
    const replies = await Promise.all([confirmChange(app, one, codes[0] ?? '', true), confirmChange(app, other, codes[1] ?? '', true)])
    // The account that lost its number has lost its session too.
    t.same(replies.map(({ status }) => status).sort(), [200, 401])
  }
})
