import t from 'tap'
import { deleteSessions, listSessions } from '../../db/sessions.ts'
import { extendTokens } from '../../db/tokens.ts'
import { createPhone } from '../support/helper.ts'
import { createUser, findToken, laterDate, loginDate, openDatabase } from './connect.ts'

const db = await openDatabase(t)
const now = new Date('2030-01-01T00:00:00Z')
const over = { expiry: new Date('2029-12-31T00:00:00Z') }

/** The arguments that select the sessions of a user in the scope `authentication`. */
const of = (userId: number) => ({ userId, scope: 'authentication', now })

/** Registers a user with one token for each change. */
async function createSessions (...changes: Array<Parameters<typeof createUser>[1]>) {
  const phoneNumber = createPhone()
  const made = []
  for (const change of changes) made.push(await createUser(db, { phoneNumber, ...change }))
  const ids = await Promise.all(made.map(async ({ hash }) => (await findToken(db, hash))?.id ?? 0))
  return { userId: made[0]?.id ?? 0, ids }
}

const listed = async (userId: number) => (await listSessions(db, of(userId), 100)).map(({ id }) => id)

t.test('the list has the valid sessions, the latest use first, without hashes', async (t) => {
  const {
    userId, ids: [first = 0, second = 0, third = 0]
  } = await createSessions({}, { userAgent: null, address: null }, {}, over, { scope: 'password-reset' })
  await extendTokens(db, [{ sessionId: second, usedAt: now.getTime() / 1000 }], 1)
  t.same(await listed(userId), [second, third, first])
  t.same(await listSessions(db, of(userId), 1), [
    { id: second, created_at: loginDate, last_used_at: now, expiry: laterDate, user_agent: null, address: null }
  ])
})

t.test('ending a session ends only that session, and only for its user', async (t) => {
  const [asha, ravi] = [await createSessions({}, {}), await createSessions({})]
  const [first = 0, second = 0] = asha.ids
  t.equal(await deleteSessions(db, of(ravi.userId), { only: first }), 0)
  t.equal(await deleteSessions(db, of(asha.userId), { only: first }), 1)
  t.equal(await deleteSessions(db, of(asha.userId), { only: first }), 0)
  t.equal(await deleteSessions(db, of(asha.userId), { only: Number.MAX_SAFE_INTEGER }), 0)
  t.same(await listed(asha.userId), [second])
  t.same(await listed(ravi.userId), ravi.ids)
})

t.test('if two requests end one session concurrently, only one reports success', async (t) => {
  const { userId, ids: [only = 0] } = await createSessions({})
  const results = await Promise.all(Array.from({ length: 10 }, async () => await deleteSessions(db, of(userId), { only })))
  t.equal(results.reduce((sum, count) => sum + count), 1)
})

t.test('ending the other sessions, or all, counts valid sessions and keeps tokens of other scopes', async (t) => {
  const { userId, ids: [first = 0, , , other = 0] } = await createSessions({}, {}, {}, { scope: 'password-reset' })
  t.equal(await deleteSessions(db, of(userId), { except: first }), 2)
  t.same(await listed(userId), [first])
  t.equal(await deleteSessions(db, of(userId)), 1)
  t.equal(await deleteSessions(db, of(userId)), 0)
  t.same((await db.selectFrom('tokens').select('id').where('user_id', '=', userId).execute()), [{ id: other }])
})

t.test('an expired session does not count, and a use that is written later does not revive it', async (t) => {
  const { userId, ids: [only = 0] } = await createSessions(over)
  t.equal(await deleteSessions(db, of(userId)), 0)
  await extendTokens(db, [{ sessionId: only, usedAt: over.expiry.getTime() / 1000 - 1 }], 1_000_000)
  t.same(await listed(userId), [])
})

t.test('ending sessions while their uses are written causes no deadlock', async (t) => {
  const { userId, ids } = await createSessions(...Array.from({ length: 20 }, () => ({})))
  const uses = (second: number) => ids.toReversed().map((sessionId) => ({ sessionId, usedAt: now.getTime() / 1000 + second }))
  const [ended] = await Promise.all([
    deleteSessions(db, of(userId)),
    ...Array.from({ length: 10 }, async (_none, second) => { await extendTokens(db, uses(second), 10) })
  ])
  t.equal(ended, 20)
  t.same(await listed(userId), [])
})
