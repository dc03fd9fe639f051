import pg from 'pg'
import t from 'tap'
import { createQualifier, tableNames } from '../../db/qualify.ts'
import { createDatabase } from '../support/databases.ts'
import { migrateUp } from '../../db/migrator.ts'

t.test('tables are qualified, and columns and other words are not', async (t) => {
  const qualify = createQualifier('cheershare')
  const cases: Array<[string, string]> = [
    ['select * from users', 'select * from "cheershare"."users"'],
    ['select users.id from users join tokens on tokens.user_id = users.id', 'select users.id from "cheershare"."users" join "cheershare"."tokens" on tokens.user_id = users.id'],
    ['select "users"."id" from "users" for update', 'select "users"."id" from "cheershare"."users" for update'],
    ['insert into "tokens" ("hash") values ($1)', 'insert into "cheershare"."tokens" ("hash") values ($1)'],
    ['insert into leases as l values ($1) on conflict do update set images = 1', 'insert into "cheershare"."leases" as l values ($1) on conflict do update set images = 1'],
    ['update\n  images set state = $1', 'update\n  "cheershare"."images" set state = $1'],
    ['delete from creatives using users', 'delete from "cheershare"."creatives" using users'],
    ['lock table signing_keys in share mode', 'lock table "cheershare"."signing_keys" in share mode'],
    ['truncate listed_blobs', 'truncate "cheershare"."listed_blobs"'],
    ['select extract(epoch from created_at) from unnest($1) as images', 'select extract(epoch from created_at) from unnest($1) as images'],
    ['select * from users_of(1), usersx', 'select * from users_of(1), usersx'],
    ['select * from "cheershare"."users"', 'select * from "cheershare"."users"']
  ]
  for (const [statement, expected] of cases) t.equal(qualify(statement), expected)
  t.equal(qualify(cases[0]?.[0] ?? ''), cases[0]?.[1], 'a known statement gets the same answer')
})

t.test('the default schema leaves statements as they are', async (t) => {
  t.equal(createQualifier('public')('select * from users'), 'select * from users')
})

t.test('texts beyond the bound of the memory are qualified too', async (t) => {
  const qualify = createQualifier('s')
  for (let number = 0; number < 1005; number++) t.equal(qualify(`select ${number} from users`), `select ${number} from "s"."users"`)
})

t.test('the list has every table of the migrations', async (t) => {
  const pool = new pg.Pool({ connectionString: await createDatabase(t, { isEmpty: true }), max: 1 })
  t.teardown(async () => { await pool.end() })
  await migrateUp(pool)
  const { rows } = await pool.query<{ name: string }>("select tablename as name from pg_tables where schemaname = 'public' and tablename not like 'kysely%'")
  t.same(rows.map(({ name }) => name).sort(), [...tableNames])
})
