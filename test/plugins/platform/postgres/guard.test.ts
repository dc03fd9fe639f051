import { sql, type Kysely } from 'kysely'
import t from 'tap'
import type { Database } from '../../../../db/schema.ts'
import { build, shortDeadlines } from '../../../support/helper.ts'
import { promptMs, until } from '../../../support/polling.ts'

const select = async (db: Kysely<Database>, text: string) => (await sql.raw<Record<string, unknown>>(text).execute(db)).rows

t.test('the error of a statement is rethrown unchanged, and the connection stays usable', async (t) => {
  const { db, pg: { pool } } = await build(t)
  await t.rejects(select(db, 'select nonsense'), { code: '42703' })
  t.same(await select(db, 'select 1 as one'), [{ one: 1 }])
  t.equal(pool.totalCount, 1)
})

t.test('a connection that the server ends while it is checked out is no longer usable', async (t) => {
  const { db, dbConnections } = await build(t)
  const connection = await dbConnections.connect()
  const { rows: [{ pid } = { pid: 0 }] } = await connection.query<{ pid: number }>('select pg_backend_pid() as pid', [])
  t.equal(connection.isUsable, true)
  await select(db, `select pg_terminate_backend(${pid})`)
  await until('the loss is detected', () => !connection.isUsable)
  connection.release()
  t.same(await select(db, 'select 1 as one'), [{ one: 1 }])
})

t.test('statements are prepared once, and a connection has at most 500 prepared statements', async (t) => {
  const { db } = await build(t)
  const count = 'select count(*)::int as count from pg_prepared_statements where name like \'cheershare%\''
  const countOwn = `${count} and statement = 'select 1 as one'`
  for (let run = 0; run < 3; run++) await select(db, 'select 1 as one')
  t.same(await select(db, countOwn), [{ count: 1 }], 'the repeated statement is prepared once')
  for (let column = 0; column < 600; column++) await select(db, `select ${column} as column_${column}`)
  t.same(await select(db, count), [{ count: 500 }])
})

t.test('statements have names that depend on their text alone', async (t) => {
  const { db } = await build(t)
  const names = 'select name from pg_prepared_statements where name like \'cheershare%\' and statement like \'%pg_prepared_statements%\''
  const [{ name } = { name: '' }] = await select(db, names)
  t.match(name, /^cheershare_[0-9a-f]{32}$/)
  await select(db, 'select 1 as one')
  t.same(await select(db, names), [{ name }])
})

t.test('with DATABASE_PREPARED=off no session has names of statements or settings of its own', async (t) => {
  const { db } = await build(t, { env: { DATABASE_PREPARED: 'off' } })
  t.same(await select(db, 'select 1 as one'), [{ one: 1 }])
  t.same(await select(db, 'select name from pg_prepared_statements'), [])
  t.same(await select(db, "select name from pg_settings where source = 'client' and name <> 'client_encoding'"), [])
})

t.test('DATABASE_POOL_SIZE is the maximum of all connections of a process', async (t) => {
  const { db, pg: { pool } } = await build(t, { env: { DATABASE_POOL_SIZE: '3' } })
  const count = "select count(*)::int as count from pg_stat_activity where datname = current_database() and application_name = 'cheershare'"
  const counts = await Promise.all(Array.from({ length: 50 }, async () => await select(db, `${count} and pg_sleep(0.001) is not null`)))
  t.equal(pool.totalCount, 2)
  t.same(counts.filter(([row]) => Number(row?.['count']) > 3), [])
  await until('the probe is connected too', async () => Number((await select(db, count))[0]?.['count']) === 3)
})

t.test('a query is refused within the deadline while every connection is busy, and succeeds afterwards', async (t) => {
  const { db, dbConnections } = await build(t, { env: shortDeadlines })
  const busy = await Promise.all(Array.from({ length: 16 }, async () => await dbConnections.connect()))
  const started = performance.now()
  await t.rejects(select(db, 'select 1'), { code: 'CHR_UNAVAILABLE', dependency: 'postgres' })
  t.ok(performance.now() - started < promptMs)
  for (const connection of busy) connection.release()
  t.same(await select(db, 'select 1 as one'), [{ one: 1 }])
})

t.test('a transaction is rolled back when its statement fails', async (t) => {
  const { db } = await build(t)
  await t.rejects(db.transaction().execute(async (transaction) => {
    await transaction.insertInto('users').values({ name: 'Asha', phone_number: '+918123456789' }).execute()
    await sql`select nonsense`.execute(transaction)
  }), { code: '42703' })
  t.same(await db.selectFrom('users').selectAll().execute(), [])
})

t.test('destroying Kysely does not close the pool', async (t) => {
  const { db, pg: { pool } } = await build(t)
  await select(db, 'select 1')
  await db.destroy()
  t.equal(pool.ended, false)
  t.same((await pool.query('select 1 as one')).rows, [{ one: 1 }])
})
