import { sql } from 'kysely'
import t from 'tap'
import { findAccounts, registerWithTokens } from '../../db/registrations.ts'
import { createPhone } from '../support/helper.ts'
import { until } from '../support/polling.ts'
import { newRegistration, newToken, openDatabase, register } from './connect.ts'

const db = await openDatabase(t)
const tokensOf = async (userId: number) => await db.selectFrom('tokens').selectAll().where('user_id', '=', userId).execute()
const usersWith = async (phoneNumber: string) => await db.selectFrom('users').selectAll().where('phone_number', '=', phoneNumber).execute()

t.test('the registration of a new number creates a user with a token', async (t) => {
  const phoneNumber = createPhone()
  const token = newToken()
  t.notOk((await findAccounts(db, [phoneNumber]))[0])
  const user = await register(db, { phoneNumber, name: 'Asha', token })
  t.match(user, { id: Number, created_at: Date, name: 'Asha', phone_number: phoneNumber, version: 1, is_new: true })
  t.same((await findAccounts(db, [phoneNumber]))[0], { phone_number: phoneNumber, is_test: false, sessions_epoch: 0 })
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
  t.notOk((await findAccounts(db, [phoneNumber]))[0])
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

t.test('registrations of several numbers share a statement, and each gets its own result', async (t) => {
  const [known, ...others] = Array.from({ length: 4 }, createPhone)
  const first = await register(db, { phoneNumber: String(known), name: 'Asha' })
  const phones = [...others, String(known)]
  const users = await registerWithTokens(db, phones.map((phoneNumber, index) => newRegistration({
    phoneNumber, name: index === 1 ? undefined : `Ravi ${index}`
  })))
  t.match(users, [
    { phone_number: phones[0], name: 'Ravi 0', is_new: true },
    undefined,
    { phone_number: phones[2], name: 'Ravi 2', is_new: true },
    { id: first?.id, phone_number: known, name: 'Asha', is_new: false }
  ])
  t.same(await Promise.all(users.map(async (user) => (await tokensOf(user?.id ?? 0)).length)), [1, 0, 1, 2])
  t.same(await findAccounts(db, phones), phones.map((phone, index) => index === 1 ? undefined : { phone_number: phone, is_test: false, sessions_epoch: 0 }))
})

t.test('a challenge begins one session only', async (t) => {
  const registration = newRegistration({ phoneNumber: createPhone(), name: 'Asha' })
  const [user] = await registerWithTokens(db, [registration])
  const { challengeHash, phoneNumber } = registration
  t.same(await registerWithTokens(db, [newRegistration({ challengeHash, phoneNumber, name: 'Asha' })]), [undefined])
  t.equal((await tokensOf(user?.id ?? 0)).length, 1)
  const other = createPhone()
  t.same(await registerWithTokens(db, [newRegistration({ challengeHash, phoneNumber: other, name: 'Asha' })]), [undefined])
  t.same(await usersWith(other), [], 'no account is created either')
})

t.test('statements that register the same new numbers in opposite orders wait for each other, and none fails', async (t) => {
  for (let round = 0; round < 10; round++) {
    const phones = Array.from({ length: 20 }, createPhone)
    const registerAll = async (numbers: string[]) =>
      await registerWithTokens(db, numbers.map((phoneNumber) => newRegistration({ phoneNumber, name: 'Asha', language: 'hi' })))
    const [one, other] = await Promise.all([registerAll(phones), registerAll(phones.toReversed())])
    t.same(one.map((user) => user?.id), other.toReversed().map((user) => user?.id))
    t.ok(one.every((user) => user !== undefined))
  }
})

t.test('logins of the same accounts in opposite orders, which change the language, do not deadlock', async (t) => {
  const phones = Array.from({ length: 20 }, createPhone)
  await registerWithTokens(db, phones.map((phoneNumber) => newRegistration({ phoneNumber, name: 'Asha' })))
  const logIn = async (numbers: string[], language: string) =>
    await registerWithTokens(db, numbers.map((phoneNumber) => newRegistration({ phoneNumber, name: undefined, language })))
  for (let round = 0; round < 10; round++) {
    const users = await Promise.all([logIn(phones, `x-${round}`), logIn(phones.toReversed(), 'hi'), logIn(phones, 'de')])
    t.ok(users.flat().every((user) => user?.is_new === false))
  }
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
  t.notOk((await findAccounts(db, ["' or '1'='1"]))[0])
})
