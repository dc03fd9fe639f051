import pg from 'pg'
import t, { type Test } from 'tap'
import { migrateDown, migrateUp } from '../../db/migrator.ts'
import { tableNames } from '../../db/qualify.ts'
import { deleteExpiredTokens } from '../../plugins/maintenance/expired-tokens.ts'
import { scrubNextImage } from '../../plugins/maintenance/scrub.ts'
import { createDatabase } from '../support/databases.ts'
import { createCreative, imageForm, pathOf, replace } from '../support/forms.ts'
import { build, createPhone, readCode, signUp } from '../support/helper.ts'

/** Creates a database in which an app has tables of the same names, and a table of migrations that are not those of the service. */
async function createForeign (t: Test): Promise<{ url: string, pool: pg.Pool }> {
  const url = await createDatabase(t, { isEmpty: true })
  const pool = new pg.Pool({ connectionString: url, max: 1 })
  t.teardown(async () => { await pool.end() })
  for (const name of tableNames) await pool.query(`create table ${name} (of_the_app integer)`)
  await pool.query('create table kysely_migration (name text primary key, "timestamp" text)')
  await pool.query("insert into kysely_migration values ('0001_of_the_app', '')")
  return { url, pool }
}

const schemaOf = (url: string, schema: string, more = {}) => ({
  DATABASE_URL: url, DATABASE_SCHEMA: schema, MIGRATE_ON_START: 'on', SWEEP_SECONDS: '0', SCRUB_SECONDS: '0', ...more
})

for (const isPrepared of ['on', 'off']) {
  t.test(`the service works beside tables of the same names, with DATABASE_PREPARED=${isPrepared}`, async (t) => {
    const { url, pool } = await createForeign(t)
    const app = await build(t, { env: schemaOf(url, 'cheershare', { DATABASE_PREPARED: isPrepared }) })
    const session = await signUp(app)
    const { headers } = { headers: { authorization: session.authorization } }
    const { id } = await createCreative(app, { ...session, headers: { 'idempotency-key': 'a-key-of-this-upload' } })
    const phone = createPhone()
    const requests: Array<['GET' | 'POST' | 'PATCH' | 'DELETE', string, object?]> = [
      ['GET', '/protected'], ['GET', '/me'], ['PATCH', '/me', { version: 1, name: 'Ravi' }], ['GET', '/sessions'], ['DELETE', '/sessions'],
      ['GET', '/scheduled'], ['GET', '/creatives'], ['GET', `/creatives/${id}`], ['PATCH', `/creatives/${id}`, { version: 1, title: 'Holi' }],
      ['DELETE', `/creatives/${id}`], ['POST', `/creatives/${id}/restore`],
      ['POST', '/me/calendar-feed'], ['GET', '/me/calendar-feed'], ['GET', '/me/export'], ['POST', '/me/phone-number', { phone_number: phone }]
    ]
    for (const [method, address, payload] of requests) {
      const response = await app.inject({ method, url: address, headers, ...payload === undefined ? {} : { payload } })
      t.ok(response.statusCode < 300, `${method} ${address}: ${response.statusCode}`)
      if (address === '/me/calendar-feed' && method === 'POST') {
        t.equal((await app.inject(pathOf(response.json<{ url: string }>().url))).statusCode, 200)
      }
    }
    const otp = await readCode(app, phone)
    t.equal((await app.inject({ method: 'POST', url: '/me/phone-number/verify', headers, payload: { otp } })).statusCode, 200)
    t.match(await replace(app, session, { id, parts: imageForm() }), { status: 200 })
    t.equal(await scrubNextImage(app), true)
    await app.signingKeys.refresh()
    await deleteExpiredTokens(app)
    t.ok(await app.sweep.run({ isDryRun: false }))
    t.equal((await app.inject({ method: 'DELETE', url: '/me', headers })).statusCode, 200)
    for (const name of tableNames) t.same((await pool.query(`select * from public.${name}`)).rows, [], `${name} of the app is untouched`)
  })
}

t.test('two services in one database see nothing of each other', async (t) => {
  const { url } = await createForeign(t)
  const [first, second] = [await build(t, { env: schemaOf(url, 'first') }), await build(t, { env: schemaOf(url, 'second') })]
  const { authorization } = await signUp(first)
  const status = async (app: typeof first) => (await app.inject({ url: '/me', headers: { authorization } })).statusCode
  t.equal(await status(first), 200)
  t.equal(await status(second), 401)
})

t.test('a role that may not create the schema gets a sentence', async (t) => {
  const { url, pool } = await createForeign(t)
  await pool.query('do $$ begin create role limited login; exception when duplicate_object then null; end $$')
  const limited = new URL(url)
  limited.searchParams.set('user', 'limited')
  await t.rejects(build(t, { env: schemaOf(limited.href, 'cheershare') }), { name: 'StartError', message: /may not create the schema cheershare/ })
})

t.test('a schema without tables stops a start that does not migrate', async (t) => {
  const { url } = await createForeign(t)
  await t.rejects(build(t, { env: schemaOf(url, 'cheershare', { MIGRATE_ON_START: 'off' }) }), { name: 'StartError', message: /lacks 0001_create_users/ })
})

t.test('the migrations of a schema are reverted in it', async (t) => {
  const { pool } = await createForeign(t)
  const names = await migrateUp(pool, 'cheershare')
  t.ok(names.length > 10)
  for (const name of names.toReversed()) t.same(await migrateDown(pool, 'cheershare'), [name])
  const { rows } = await pool.query("select tablename from pg_tables where schemaname = 'cheershare' and tablename not like 'kysely%'")
  t.same(rows, [])
  t.equal((await pool.query("select from pg_tables where schemaname = 'public'")).rowCount, tableNames.length + 1, 'the tables of the app stay')
})

t.test('a migration that fails for another reason is reported as it is', async (t) => {
  const { url, pool } = await createForeign(t)
  await pool.query('drop table kysely_migration')
  await t.rejects(build(t, { env: schemaOf(url, 'public') }), { name: 'Error', message: 'the migration failed and was rolled back' })
})
