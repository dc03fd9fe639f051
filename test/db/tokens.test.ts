import { CompiledQuery, sql } from 'kysely'
import t from 'tap'
import { deleteExpired, expiringTables } from '../../db/maintenance.ts'
import { extendTokens, findSessions, type Connection } from '../../db/tokens.ts'
import { until } from '../support/polling.ts'
import { createUser, finalDate, findToken, laterDate, loginDate, newToken, openDatabase } from './connect.ts'

const db = await openDatabase(t)
const connection: Connection = { query: async (text, values) => await db.executeQuery(CompiledQuery.raw(text, [...values])) }
const now = new Date('2030-01-01T00:00:00Z')
async function find (hashes: Buffer[], { scope = 'authentication', at = now } = {}) {
  return await findSessions(connection, hashes.map((hash) => hash.toString('hex')), { scope, now: at })
}
const secondsOf = (date: Date) => date.getTime() / 1000
const after = (seconds: number) => new Date(now.getTime() + seconds * 1000)

/** Registers a user whose token expires in 100 s and can be extended up to 1,000 s. */
const createShort = async () => await createUser(db, { expiry: after(100), finalExpiry: after(1000) })

/** Extends a token by 200 s after a use at this number of seconds from now. */
async function use (hash: Buffer, seconds: number): Promise<void> {
  const row = await findToken(db, hash)
  await extendTokens(db, [{ sessionId: row?.id ?? 0, usedAt: secondsOf(after(seconds)) }], 200)
}

t.test('one query finds the sessions of many tokens, in the order of the tokens', async (t) => {
  const [asha, ravi] = [await createUser(db), await createUser(db, { name: 'Ravi' })]
  const unknown = newToken().hash
  const found = await find([ravi.hash, unknown, asha.hash, ravi.hash, unknown])
  t.same(found.map((session) => session?.userId), [ravi.id, undefined, asha.id, ravi.id, undefined])
  t.same(await find([]), [])
})

t.test('the times of a session are in milliseconds', async (t) => {
  const { id, hash } = await createUser(db)
  const [started, expires, final] = [loginDate, laterDate, finalDate].map((date) => date.getTime())
  t.match((await find([hash]))[0], {
    id: Number, userId: id, startedAt: started, lastUsedAt: started, expiresAt: expires, finalExpiresAt: final
  })
})

t.test('a token is valid until its expiry and only in its scope', async (t) => {
  const { id, hash } = await createUser(db)
  t.equal((await find([hash], { at: new Date(laterDate.getTime() - 1000) }))[0]?.userId, id)
  t.same(await find([hash], { at: laterDate }), [undefined])
  t.same(await find([hash], { scope: 'password-reset' }), [undefined])
})

t.test('use extends a token up to its final expiry and no further', async (t) => {
  const { hash } = await createShort()
  await use(hash, 50)
  t.match(await findToken(db, hash), { last_used_at: after(50), expiry: after(250), final_expiry: after(1000) })
  await use(hash, 900)
  t.match(await findToken(db, hash), { last_used_at: after(900), expiry: after(1000) })
  await use(hash, 999)
  t.match(await findToken(db, hash), { last_used_at: after(999), expiry: after(1000) })
})

t.test('a use that is written late shortens nothing', async (t) => {
  const { hash } = await createShort()
  await use(hash, 90)
  await use(hash, 40)
  t.match(await findToken(db, hash), { last_used_at: after(90), expiry: after(290) })
})

t.test('a use with a shorter life does not shorten the current one', async (t) => {
  const { hash } = await createUser(db)
  await use(hash, 10)
  t.match(await findToken(db, hash), { last_used_at: after(10), expiry: laterDate })
})

t.test('a token that cannot be extended keeps its expiry, even after its final expiry', async (t) => {
  const { hash } = await createUser(db, { expiry: after(100), finalExpiry: loginDate })
  await use(hash, 10)
  t.match(await findToken(db, hash), { last_used_at: after(10), expiry: after(100) })
})

t.test('one statement writes the uses of many tokens, and deleted tokens stay deleted', async (t) => {
  const [first, second, gone] = [await createShort(), await createShort(), await createShort()]
  const rows = await Promise.all([first, second, gone].map(async ({ hash }) => await findToken(db, hash)))
  await db.deleteFrom('tokens').where('hash', '=', gone.hash).execute()
  await extendTokens(db, rows.map((row, index) => ({ sessionId: row?.id ?? 0, usedAt: secondsOf(after(index)) })), 300)
  t.match(await findToken(db, first.hash), { expiry: after(300) })
  t.match(await findToken(db, second.hash), { expiry: after(301) })
  t.equal(await findToken(db, gone.hash), undefined)
})

t.test('concurrent writes of the same uses in different orders neither deadlock nor lose the latest use', async (t) => {
  const users = await Promise.all(Array.from({ length: 50 }, createShort))
  const ids = (await Promise.all(users.map(async ({ hash }) => await findToken(db, hash)))).map((row) => row?.id ?? 0)
  await Promise.all(Array.from({ length: 20 }, async (_none, writer) => {
    const order = writer % 2 === 0 ? ids : ids.toReversed()
    await extendTokens(db, order.map((sessionId) => ({ sessionId, usedAt: secondsOf(after(writer + 1)) })), 200)
  }))
  for (const { hash } of users) t.match(await findToken(db, hash), { last_used_at: after(20), expiry: after(220) })
})

t.test('of two uses that are written concurrently the later one counts, whichever write waits', async (t) => {
  const { hash } = await createShort()
  const { id: sessionId } = await findToken(db, hash) ?? { id: 0 }
  const first = await db.startTransaction().execute()
  await extendTokens(first, [{ sessionId, usedAt: secondsOf(after(80)) }], 200)
  const second = extendTokens(db, [{ sessionId, usedAt: secondsOf(after(70)) }], 200)
  await until('the second write waits for the first', async () => {
    const { rows } = await sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(db)
    return rows.length === 1
  })
  await first.commit().execute()
  await second
  t.match(await findToken(db, hash), { last_used_at: after(80), expiry: after(280) })
})

t.test('expired tokens of every scope are deleted in bounded batches, the earliest expiry first', async (t) => {
  const past = (seconds: number) => ({ expiry: new Date(Date.parse('2020-01-01T00:00:00Z') + seconds * 1000) })
  const old = [await createUser(db, past(2)), await createUser(db, { ...past(1), scope: 'password-reset' }), await createUser(db, past(3))]
  const { hash } = await createUser(db)
  const left = async () => (await Promise.all(old.map(async (user) => await findToken(db, user.hash)))).map((row) => row !== undefined)
  t.equal(await deleteExpired(db, expiringTables[0], past(1).expiry, 10), 0)
  t.equal(await deleteExpired(db, expiringTables[0], after(0), 2), 2)
  t.same(await left(), [false, false, true])
  t.equal(await deleteExpired(db, expiringTables[0], after(0), 2), 1)
  t.equal(await deleteExpired(db, expiringTables[0], after(0), 2), 0)
  t.ok(await findToken(db, hash))
})

t.test('the deletion of expired tokens skips a token that another transaction has locked', async (t) => {
  const { hash } = await createUser(db, { expiry: new Date('2020-01-01T00:00:00Z') })
  const other = await db.startTransaction().execute()
  t.equal(await deleteExpired(other, expiringTables[0], after(0), 10), 1)
  t.equal(await deleteExpired(db, expiringTables[0], after(0), 10), 0)
  await other.rollback().execute()
  t.ok(await findToken(db, hash))
})

t.test('deleting a user deletes its tokens', async (t) => {
  const { id, hash } = await createUser(db)
  await db.deleteFrom('users').where('id', '=', id).execute()
  t.equal(await findToken(db, hash), undefined)
})
