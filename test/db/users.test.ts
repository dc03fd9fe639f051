import { sql } from 'kysely'
import t from 'tap'
import { findAccount } from '../../db/users.ts'
import { createPhone } from '../support/helper.ts'
import { until } from '../support/polling.ts'
import { newToken, openDatabase, register } from './connect.ts'

const db = await openDatabase(t)
const tokensOf = async (userId: number) => await db.selectFrom('tokens').selectAll().where('user_id', '=', userId).execute()
const usersWith = async (phoneNumber: string) => await db.selectFrom('users').selectAll().where('phone_number', '=', phoneNumber).execute()

t.test('the registration of a new number creates a user with a token', async (t) => {
  const phoneNumber = createPhone()
  const token = newToken()
  t.notOk(await findAccount(db, phoneNumber))
  const user = await register(db, { phoneNumber, name: 'Asha', token })
  t.match(user, { id: Number, created_at: Date, name: 'Asha', phone_number: phoneNumber, version: 1, is_new: true })
  t.same(await findAccount(db, phoneNumber), { is_test: false, sessions_epoch: 0 })
  const { createdAt, finalExpiry, userAgent, ...rest } = token
  const row = {
    ...rest, user_id: user?.id, created_at: createdAt, last_used_at: createdAt, final_expiry: finalExpiry, user_agent: userAgent
  }
  t.match(await tokensOf(user?.id ?? 0), [{ ...row, id: Number }])
})

t.test('the registration of a known number adds a token and keeps the name, with or without another name', async (t) => {
  const phoneNumber = createPhone()
  const first = await register(db, { phoneNumber, name: 'Asha' })
  for (const name of ['Mallory', undefined]) {
    t.same(await register(db, { phoneNumber, name }), { ...first, is_new: false })
  }
  t.equal((await tokensOf(first?.id ?? 0)).length, 3)
})

t.test('the language of the last login is stored, and a login without a language keeps it', async (t) => {
  const phoneNumber = createPhone()
  const languages = []
  for (const language of [undefined, 'hi', undefined, 'de']) {
    await register(db, { phoneNumber, name: 'Asha', language })
    languages.push((await usersWith(phoneNumber)).map((user) => user.language))
  }
  t.same(languages, [[null], ['hi'], ['hi'], ['de']])
  const other = createPhone()
  await register(db, { phoneNumber: other, name: 'Ravi', language: 'ta' })
  t.match(await usersWith(other), [{ language: 'ta', version: 1 }])
})

t.test('without a user and without a name nothing is stored', async (t) => {
  const phoneNumber = createPhone()
  const token = newToken()
  t.equal(await register(db, { phoneNumber, name: undefined, token }), undefined)
  t.notOk(await findAccount(db, phoneNumber))
  t.same(await db.selectFrom('tokens').selectAll().where('hash', '=', token.hash).execute(), [])
})

t.test('a concurrent registration of the same new number gets the user of the first one', async (t) => {
  const phoneNumber = createPhone()
  const first = await db.startTransaction().execute()
  const user = await register(first, { phoneNumber, name: 'Asha' })
  t.ok(user?.is_new)
  const second = register(db, { phoneNumber, name: 'Mallory' })
  await until('the second registration waits for the first', async () => {
    const { rows } = await sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(db)
    return rows.length === 1
  })
  await first.commit().execute()
  t.same(await second, { ...user, is_new: false })
  t.equal((await usersWith(phoneNumber)).length, 1)
  t.equal((await tokensOf(user?.id ?? 0)).length, 2)
})

t.test('50 concurrent registrations of one number create one user and 50 tokens', async (t) => {
  const phoneNumber = createPhone()
  const results = await Promise.all(Array.from({ length: 50 }, async (_none, index) =>
    await register(db, { phoneNumber, name: `Asha ${index}` })))
  const [user, ...others] = await usersWith(phoneNumber)
  t.same(others, [])
  t.ok(results.every((result) => result?.id === user?.id && result?.name === user?.name))
  t.equal(results.filter((result) => result?.is_new).length, 1)
  t.equal(user?.version, 1)
  t.equal((await tokensOf(user?.id ?? 0)).length, 50)
})

t.test('if the token cannot be stored, no user is created', async (t) => {
  const token = newToken()
  await register(db, { phoneNumber: createPhone(), name: 'Asha', token })
  const phoneNumber = createPhone()
  await t.rejects(register(db, { phoneNumber, name: 'Ravi', token }), { code: '23505' })
  t.same(await usersWith(phoneNumber), [])
})

t.test('texts are passed as values and never as SQL', async (t) => {
  const name = "Robert'); drop table users; --"
  const user = await register(db, { phoneNumber: createPhone(), name })
  t.equal(user?.name, name)
  t.notOk(await findAccount(db, "' or '1'='1"))
})
