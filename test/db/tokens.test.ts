import t from 'tap'
import { deleteTokensOfUser, findUsersByTokens } from '../../db/tokens.ts'
import { createUser, laterDate, newToken, openDatabase } from './connect.ts'

const db = await openDatabase(t)
const now = new Date('2030-01-01T00:00:00Z')
async function find (hashes: Buffer[], { scope = 'authentication', at = now } = {}) {
  return await findUsersByTokens(db, hashes.map((hash) => hash.toString('hex')), { scope, now: at })
}

t.test('one query finds the users of many tokens, each with the hash that it was found by', async (t) => {
  const users = [await createUser(db, 'Asha'), await createUser(db, 'Ravi'), await createUser(db, 'Meera')]
  const found = await find([...users.map(({ hash }) => hash), newToken().hash])
  const byName = (first: { name: string }, second: { name: string }) => first.name.localeCompare(second.name)
  t.same(found.sort(byName), users.map(({ is_new: _isNew, hash, ...user }) => ({ ...user, hash: hash.toString('hex') })).sort(byName))
  t.same(await find([]), [])
})

t.test('a token asked for twice is found', async (t) => {
  const { id, hash } = await createUser(db)
  t.same((await find([hash, hash])).map((user) => user.id), [id])
})

t.test('a token is in force until its expiry and for its scope alone', async (t) => {
  const { hash } = await createUser(db)
  t.equal((await find([hash], { at: new Date(laterDate.getTime() - 1000) })).length, 1)
  t.equal((await find([hash], { at: laterDate })).length, 0)
  t.equal((await find([hash], { scope: 'password-reset' })).length, 0)
})

t.test('deleting ends one user\'s tokens of one scope and counts them', async (t) => {
  const [asha, ravi] = [await createUser(db), await createUser(db)]
  const other = newToken('password-reset')
  await db.insertInto('tokens').values([{ ...newToken(), user_id: asha.id }, { ...other, user_id: asha.id }]).execute()
  t.equal(await deleteTokensOfUser(db, asha.id, 'authentication'), 2)
  t.equal(await deleteTokensOfUser(db, asha.id, 'authentication'), 0)
  t.same(await find([asha.hash]), [])
  t.equal((await find([ravi.hash])).length, 1)
  t.equal((await find([other.hash], { scope: 'password-reset' })).length, 1)
})

t.test('the tokens of a user go with the user', async (t) => {
  const { id, hash } = await createUser(db)
  await db.deleteFrom('users').where('id', '=', id).execute()
  t.same(await db.selectFrom('tokens').selectAll().where('hash', '=', hash).execute(), [])
})
