import t from 'tap'
import { deleteTokensOfUser, findSessions } from '../../db/tokens.ts'
import { createUser, laterDate, newToken, openDatabase } from './connect.ts'

const db = await openDatabase(t)
const now = new Date('2030-01-01T00:00:00Z')
async function find (hashes: Buffer[], { scope = 'authentication', at = now } = {}) {
  return await findSessions(db, hashes.map((hash) => hash.toString('hex')), { scope, now: at })
}

t.test('one query finds the sessions of many tokens, each in the place of its token', async (t) => {
  const [asha, ravi] = [await createUser(db, 'Asha'), await createUser(db, 'Ravi')]
  const unknown = newToken().hash
  t.same(await find([ravi.hash, unknown, asha.hash, ravi.hash, unknown]), [{ userId: ravi.id }, undefined, { userId: asha.id }, { userId: ravi.id }, undefined])
  t.same(await find([]), [])
})

t.test('a token is in force until its expiry and for its scope alone', async (t) => {
  const { id, hash } = await createUser(db)
  t.equal((await find([hash], { at: new Date(laterDate.getTime() - 1000) }))[0]?.userId, id)
  t.same(await find([hash], { at: laterDate }), [undefined])
  t.same(await find([hash], { scope: 'password-reset' }), [undefined])
})

t.test('deleting ends one user\'s tokens of one scope and counts them', async (t) => {
  const [asha, ravi] = [await createUser(db), await createUser(db)]
  const other = newToken('password-reset')
  await db.insertInto('tokens').values([{ ...newToken(), user_id: asha.id }, { ...other, user_id: asha.id }]).execute()
  t.equal(await deleteTokensOfUser(db, asha.id, 'authentication'), 2)
  t.equal(await deleteTokensOfUser(db, asha.id, 'authentication'), 0)
  t.same(await find([asha.hash]), [undefined])
  t.same(await find([ravi.hash]), [{ userId: ravi.id }])
  t.same(await find([other.hash], { scope: 'password-reset' }), [{ userId: asha.id }])
})

t.test('the tokens of a user go with the user', async (t) => {
  const { id, hash } = await createUser(db)
  await db.deleteFrom('users').where('id', '=', id).execute()
  t.same(await db.selectFrom('tokens').selectAll().where('hash', '=', hash).execute(), [])
})
