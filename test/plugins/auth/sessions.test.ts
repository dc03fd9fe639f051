import type { FastifyInstance } from 'fastify'
import t from 'tap'
import { build, createClock, createPhone, signUp, type Session } from '../../support/helper.ts'
import { createCluster } from '../../support/instances.ts'

const hourMs = 3_600_000

/** Signs one number in `count` times, and calls `pass` after each sign-in. */
async function signInTimes (app: FastifyInstance, count: number, pass = () => {}): Promise<Session[]> {
  const phone = createPhone()
  const sessions: Session[] = []
  for (let index = 0; index < count; index++) {
    sessions.push(await signUp(app, { phone, count: index + 1 }))
    pass()
  }
  return sessions
}

const areValid = async (app: FastifyInstance, sessions: Session[]) =>
  await Promise.all(sessions.map(async ({ token }) => await app.tokens.findSession(token) !== undefined))

t.test('the list includes activity that is not yet written, and is sorted by last use', async (t) => {
  const clock = createClock(Date.parse('2030-01-01T00:00:00Z'))
  const app = await build(t, { clock })
  const [first] = await signInTimes(app, 2, () => { clock.advance(hourMs) })
  const { userId, token } = first ?? { userId: 0, token: '' }
  const order = async () => (await app.sessions.list(userId)).map(({ last_used_at: lastUsed }) => lastUsed.toISOString())
  t.same(await order(), ['2030-01-01T01:00:00.000Z', '2030-01-01T00:00:00.000Z'])
  const session = await app.tokens.findSession(token)
  t.same(await order(), ['2030-01-01T02:00:00.000Z', '2030-01-01T01:00:00.000Z'])
  t.equal((await app.sessions.list(userId))[0]?.id, session?.id)
})

t.test('endOthers ends all sessions but the given one, and endAll ends all', async (t) => {
  const app = await build(t)
  const sessions = await signInTimes(app, 3)
  const stranger = await signUp(app)
  const current = await app.tokens.findSession(sessions[1]?.token ?? '')
  t.equal(await app.sessions.endOthers(current ?? { id: 0, userId: 0 }), 2)
  t.same(await areValid(app, sessions), [false, true, false])
  t.equal(await app.sessions.endAll(current?.userId ?? 0), 1)
  t.same(await areValid(app, [...sessions, stranger]), [false, false, false, true])
})

t.test('end returns whether the user had this session and it had not expired', async (t) => {
  const clock = createClock()
  const app = await build(t, { clock })
  const [asha, ravi] = [await signUp(app), await signUp(app)]
  const { id = 0 } = await app.tokens.findSession(asha.token) ?? {}
  t.notOk(await app.sessions.end(ravi.userId, id))
  t.ok(await app.sessions.end(asha.userId, id))
  t.notOk(await app.sessions.end(asha.userId, id))
  const { id: other = 0 } = await app.tokens.findSession(ravi.token) ?? {}
  clock.advance(30 * 24 * hourMs)
  t.notOk(await app.sessions.end(ravi.userId, other), 'the session has expired')
})

t.test('a session that one instance ends is refused by the others at once', async (t) => {
  const { start } = await createCluster(t)
  const [first, second] = [await start(), await start()]
  const sessions = await signInTimes(first, 3)
  t.same(await areValid(second, sessions), [true, true, true])
  const { id = 0, userId = 0 } = await second.tokens.findSession(sessions[0]?.token ?? '') ?? {}
  t.ok(await second.sessions.end(userId, id))
  t.same(await areValid(first, sessions), [false, true, true])
  t.equal(await second.sessions.endAll(userId), 2)
  t.same(await areValid(first, sessions), [false, false, false])
})
