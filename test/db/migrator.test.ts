import pg from 'pg'
import t, { type Test } from 'tap'
import { migrateDown, migrateUp, pendingMigrations } from '../../db/migrator.ts'
import { createDatabase } from '../support/databases.ts'
import { migrationNames } from '../support/migrations.ts'

async function openDatabase (t: Test): Promise<pg.Pool> {
  const pool = new pg.Pool({ connectionString: await createDatabase(t, { isEmpty: true }) })
  // The end of a connection may overlap with the end of its database.
  pool.on('error', () => {})
  t.teardown(async () => { await pool.end() })
  return pool
}

async function migrateDownTo (pool: pg.Pool, name: string): Promise<void> {
  while ((await pendingMigrations(pool)).length < migrationNames.length - 1 - migrationNames.indexOf(name)) await migrateDown(pool)
}

/** Returns every column, key and index, as PostgreSQL prints them. */
async function describe (pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ line: string }>(`select line from (
    select format('%s.%s %s%s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
      case when a.attnotnull then ' not null' else '' end, ' default ' || pg_get_expr(d.adbin, d.adrelid)) as line
    from pg_attribute a join pg_class c on c.oid = a.attrelid left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and a.attnum > 0 and not a.attisdropped and c.relname not like 'kysely%'
    union all
    select format('%s %s', conrelid::regclass, pg_get_constraintdef(oid)) from pg_constraint
    where connamespace = 'public'::regnamespace and contype <> 'n' and conrelid::regclass::text not like 'kysely%'
    union all
    select indexdef from pg_indexes where schemaname = 'public' and indexname !~ '(_pkey|_key)$' and tablename not like 'kysely%'
  ) as lines order by line collate "C"`)
  return rows.map(({ line }) => line)
}

/** The expected columns, with their types and defaults. */
const schema = [
  'CREATE INDEX creatives_deleted_at ON public.creatives USING btree (deleted_at) WHERE (deleted_at IS NOT NULL)',
  'CREATE INDEX creatives_scheduled_at ON public.creatives USING btree (scheduled_at, id DESC) WHERE (deleted_at IS NULL)',
  'CREATE INDEX creatives_source ON public.creatives USING btree (user_id, source_sha256) WHERE (deleted_at IS NULL)',
  'CREATE INDEX creatives_user_id_scheduled_at ON public.creatives USING btree (user_id, scheduled_at, id)',
  'CREATE INDEX device_tokens_expiry ON public.device_tokens USING btree (expiry)',
  'CREATE INDEX device_tokens_user_id ON public.device_tokens USING btree (user_id)',
  'CREATE INDEX idempotency_keys_created_at ON public.idempotency_keys USING btree (created_at)',
  'CREATE INDEX idempotency_keys_creative_id ON public.idempotency_keys USING btree (creative_id)',
  'CREATE INDEX images_scrub ON public.images USING btree (scrubbed_at NULLS FIRST) WHERE (state = \'ready\'::text)',
  'CREATE INDEX images_unsettled ON public.images USING btree (state, settled_at) WHERE (state <> \'ready\'::text)',
  'CREATE INDEX images_user_id ON public.images USING btree (user_id)',
  'CREATE INDEX phone_changes_requested_at ON public.phone_changes USING btree (requested_at)',
  'CREATE INDEX tokens_expiry ON public.tokens USING btree (expiry)',
  'CREATE INDEX tokens_user_id_scope ON public.tokens USING btree (user_id, scope)',
  'CREATE INDEX used_challenges_used_at ON public.used_challenges USING btree (used_at)',
  'CREATE INDEX users_released_at ON public.users USING btree (released_at) WHERE (released_at IS NOT NULL)',
  'calendar_feeds FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE',
  'calendar_feeds PRIMARY KEY (user_id)',
  'calendar_feeds UNIQUE (hash)',
  'calendar_feeds.created_at timestamp(0) with time zone not null default date_trunc(\'second\'::text, now())',
  'calendar_feeds.hash bytea not null',
  'calendar_feeds.user_id bigint not null',
  'creatives FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE',
  'creatives PRIMARY KEY (id)',
  'creatives UNIQUE (creative_url)',
  'creatives.alt_text text',
  'creatives.byte_count bigint not null',
  'creatives.content_type text not null',
  'creatives.created_at timestamp(0) with time zone not null default date_trunc(\'second\'::text, now())',
  'creatives.creative_url text not null',
  'creatives.deleted_at timestamp(0) with time zone',
  'creatives.dominant_color text not null',
  'creatives.frame_count integer not null',
  'creatives.height integer not null',
  'creatives.id bigint not null default nextval(\'creatives_id_seq\'::regclass)',
  'creatives.is_damaged boolean not null default false',
  'creatives.removed text[] not null',
  'creatives.scheduled_at date',
  'creatives.sha256 bytea not null',
  'creatives.source_sha256 bytea not null',
  'creatives.thumb_hash text not null',
  'creatives.title text',
  'creatives.updated_at timestamp(0) with time zone not null default date_trunc(\'second\'::text, now())',
  'creatives.user_id bigint not null',
  'creatives.version integer not null default 1',
  'creatives.width integer not null',
  'device_tokens FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE',
  'device_tokens PRIMARY KEY (hash)',
  'device_tokens.created_at timestamp(0) with time zone not null default date_trunc(\'second\'::text, now())',
  'device_tokens.expiry timestamp(0) with time zone not null',
  'device_tokens.hash bytea not null',
  'device_tokens.user_id bigint not null',
  'idempotency_keys FOREIGN KEY (creative_id) REFERENCES creatives(id) ON DELETE SET NULL',
  'idempotency_keys FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE',
  'idempotency_keys PRIMARY KEY (user_id, key_hash)',
  'idempotency_keys.created_at timestamp with time zone not null default now()',
  'idempotency_keys.creative_id bigint',
  'idempotency_keys.fingerprint bytea not null',
  'idempotency_keys.key_hash bytea not null',
  'idempotency_keys.user_id bigint not null',
  'images CHECK ((state = ANY (ARRAY[\'pending\'::text, \'ready\'::text, \'discarded\'::text])))',
  'images FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE SET NULL',
  'images PRIMARY KEY (key)',
  'images.blobs jsonb',
  'images.counted_on date',
  'images.created_at timestamp with time zone not null default now()',
  'images.damage text',
  'images.key text not null',
  'images.quota_bytes bigint not null',
  'images.scrubbed_at timestamp with time zone',
  'images.settled_at timestamp with time zone not null default now()',
  'images.state text not null default \'pending\'::text',
  'images.user_id bigint',
  'leases PRIMARY KEY (name)',
  'leases.expires_at timestamp with time zone not null',
  'leases.holder uuid not null',
  'leases.name text not null',
  'listed_blobs PRIMARY KEY (key, variant)',
  'listed_blobs.key text not null',
  'listed_blobs.stored_at timestamp with time zone not null',
  'listed_blobs.variant text not null',
  'owners FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE',
  'owners PRIMARY KEY (external_id)',
  'owners UNIQUE (user_id)',
  'owners.external_id text not null',
  'owners.user_id bigint not null',
  'phone_changes FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE',
  'phone_changes PRIMARY KEY (user_id)',
  'phone_changes.requested_at timestamp(0) with time zone not null',
  'phone_changes.sealed_phone text not null',
  'phone_changes.secret_id text not null',
  'phone_changes.user_id bigint not null',
  'signing_keys PRIMARY KEY (id)',
  'signing_keys.algorithm text not null',
  'signing_keys.created_at timestamp with time zone not null',
  'signing_keys.id text not null',
  'signing_keys.public_key jsonb not null',
  'signing_keys.sealed_key text not null',
  'signing_keys.secret_id text not null',
  'signing_keys.signs_from timestamp with time zone not null',
  'tokens FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE',
  'tokens PRIMARY KEY (hash)',
  'tokens UNIQUE (id)',
  'tokens.address text',
  'tokens.created_at timestamp(0) with time zone not null default date_trunc(\'second\'::text, now())',
  'tokens.expiry timestamp(0) with time zone not null',
  'tokens.final_expiry timestamp(0) with time zone not null default now()',
  'tokens.hash bytea not null',
  'tokens.id bigint not null default nextval(\'tokens_id_seq\'::regclass)',
  'tokens.last_used_at timestamp(0) with time zone not null default date_trunc(\'second\'::text, now())',
  'tokens.scope text not null',
  'tokens.user_agent text',
  'tokens.user_id bigint not null',
  'usages FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE',
  'usages PRIMARY KEY (user_id)',
  'usages.byte_count bigint not null default 0',
  'usages.counted_on date not null',
  'usages.creative_count integer not null default 0',
  'usages.user_id bigint not null',
  'used_challenges PRIMARY KEY (hash)',
  'used_challenges.hash bytea not null',
  'used_challenges.used_at timestamp(0) with time zone not null',
  'users PRIMARY KEY (id)',
  'users UNIQUE (phone_number)',
  'users.created_at timestamp(0) with time zone not null default date_trunc(\'second\'::text, now())',
  'users.id bigint not null default nextval(\'users_id_seq\'::regclass)',
  'users.is_test boolean not null default false',
  'users.language text',
  'users.name text not null',
  'users.phone_number text',
  'users.released_at timestamp(0) with time zone',
  'users.sessions_epoch integer not null default 0',
  'users.time_zone text',
  'users.version integer not null default 1'
]

t.test('up creates the tables, down drops them step by step, and up again creates the same tables', async (t) => {
  const pool = await openDatabase(t)
  t.same(await pendingMigrations(pool), migrationNames)
  t.same(await migrateUp(pool), migrationNames)
  t.same(await describe(pool), schema)
  t.same(await pendingMigrations(pool), [])
  t.same(await migrateUp(pool), [], 'a second run does nothing')

  for (const name of migrationNames.toReversed()) t.same(await migrateDown(pool), [name])
  t.same(await describe(pool), [])
  t.same(await migrateDown(pool), [], 'there is no migration left to revert')

  t.same(await migrateUp(pool), migrationNames)
  t.same(await describe(pool), schema)
})

t.test('reverting one migration keeps the rows of the other tables', async (t) => {
  const pool = await openDatabase(t)
  await migrateUp(pool)
  await pool.query('insert into users (name, phone_number) values (\'Asha\', \'+918123456789\')')
  const newest = migrationNames.slice(-1)
  t.same(await migrateDown(pool), newest)
  t.same(await pendingMigrations(pool), newest)
  t.same((await pool.query('select name, version from users')).rows, [{ name: 'Asha', version: 1 }])
})

t.test('tokens from before the sessions migration stay valid until their expiry, and survive its reversal', async (t) => {
  const pool = await openDatabase(t)
  await migrateUp(pool)
  await migrateDownTo(pool, '0003_create_creatives')
  await pool.query('insert into users (name, phone_number) values (\'Asha\', \'+918123456789\')')
  const insert = 'insert into tokens (hash, user_id, expiry, scope) select sha256($1), 1, $2, \'authentication\''
  const expiries = [new Date('2090-01-01T00:00:00Z'), new Date('2020-01-01T00:00:00Z')]
  for (const [index, expiry] of expiries.entries()) await pool.query(insert, [String(index), expiry])
  t.same((await migrateUp(pool))[0], '0004_sessions')
  const { rows } = await pool.query(
    'select *, abs(extract(epoch from now() - created_at)) < 60 as is_fresh from tokens order by expiry desc'
  )
  t.match(rows, expiries.map((expiry) => ({ expiry, final_expiry: expiry, is_fresh: true, user_agent: null, address: null })))
  t.same(rows.map((row) => row.last_used_at), rows.map((row) => row.created_at))
  t.equal(new Set(rows.map(({ id }) => id)).size, 2)

  await pool.query(insert, ['an instance of the previous release', expiries[0]])
  t.equal((await pool.query('select from tokens where final_expiry < expiry')).rowCount, 1, 'its tokens are never extended')
  await migrateDownTo(pool, '0003_create_creatives')
  t.same((await pool.query('select * from tokens')).fields.map(({ name }) => name), ['hash', 'user_id', 'expiry', 'scope'])
  t.equal((await pool.query('select from tokens')).rowCount, 3)
})

t.test('the reversal of the migration that releases accounts keeps a released account', async (t) => {
  const pool = await openDatabase(t)
  await migrateUp(pool)
  await pool.query('insert into users (name, phone_number, released_at) values (\'Asha\', null, now()), (\'Ravi\', \'+918123456789\', null)')
  await migrateDownTo(pool, '0009_used_challenges')
  t.same((await pool.query('select name, phone_number from users order by id')).rows, [
    { name: 'Asha', phone_number: 'released 1' }, { name: 'Ravi', phone_number: '+918123456789' }
  ])
})

t.test('concurrent processes apply each migration once', async (t) => {
  const pool = await openDatabase(t)
  const { connectionString } = pool.options
  const applied = await Promise.all(Array.from({ length: 5 }, async () => {
    const other = new pg.Pool({ connectionString, max: 1 })
    other.on('error', () => {})
    return await migrateUp(other).finally(async () => { await other.end() })
  }))
  t.same(applied.flat().sort(), migrationNames)
  t.same(await describe(pool), schema)
})

t.test('a failed migration is rolled back together with the earlier ones of the run, and the error has a cause', async (t) => {
  const pool = await openDatabase(t)
  await pool.query('create table tokens (id int)')
  await t.rejects(migrateUp(pool), {
    message: 'the migration failed and was rolled back', cause: { message: 'relation "tokens" already exists' }
  })
  t.same(await pendingMigrations(pool), migrationNames)
  t.same(await describe(pool), ['tokens.id integer'])
})

t.test('a database with a newer schema than the code is refused', async (t) => {
  const pool = await openDatabase(t)
  await migrateUp(pool)
  await pool.query('insert into kysely_migration (name, timestamp) values (\'0099_of_the_future\', now()::text)')
  await t.rejects(migrateUp(pool), { cause: { message: /0099_of_the_future/ } })
})
