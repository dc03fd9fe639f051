import { randomUUID } from 'node:crypto'
import pg from 'pg'
import type { Test } from 'tap'
import { templateDatabase } from './services/postgres.ts'

/** Returns the address of a server that `npm test` has started. */
export function serviceUrl (name: 'TEST_POSTGRES_URL' | 'TEST_REDIS_URL'): string {
  const url = process.env[name]
  if (url === undefined) throw new Error(`${name} is not set: run the tests by "npm test"`)
  return url
}

const urlOf = (database: string): string => serviceUrl('TEST_POSTGRES_URL').replace('/postgres?', `/${database}?`)

async function withClient<Result> (url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

async function administer (statement: string): Promise<void> {
  await withClient(serviceUrl('TEST_POSTGRES_URL'), async (client) => await client.query(statement))
}

async function createFrom (template: string): Promise<string> {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await administer(`create database ${name} template ${template}`)
  return name
}

const drop = async (name: string): Promise<void> => { await administer(`drop database if exists ${name} with (force)`) }

/** Catalogs that describe a schema, with the columns that identify their objects. */
const catalogs = {
  attribute: 'attrelid',
  attrdef: 'oid',
  constraint: 'oid',
  db_role_setting: 'setdatabase',
  index: 'indexrelid',
  proc: 'oid',
  sequence: 'seqrelid',
  trigger: 'oid',
  type: 'oid'
}
/** The objects of PostgreSQL itself have smaller numbers (FirstNormalObjectId in access/transam.h). */
const firstObject = 16_384

/** A version that changes with the schema, because each change adds, removes or rewrites a row of one of the catalogs. */
const schemaVersion = `select array[${
  Object.entries(catalogs).map(([name, id]) => `(select count(*) || '/' || max(xmin::text::bigint) from pg_${name} where ${id} >= ${firstObject})`).join(', ')
}]::text as version`

const readVersion = async (client: pg.Client): Promise<string> =>
  (await client.query<{ version: string }>(schemaVersion)).rows[0]?.version ?? ''

/** Ends the connections of programs that the test has killed, and waits until their sessions are over. */
const endSessions = 'select pg_terminate_backend(pid, 30000) from pg_stat_activity where datname = current_database() and pid <> ' +
  'pg_backend_pid()'

/** Empties the tables and restarts the sequences. Deleting rows is faster than truncating, which creates files. */
const emptyTables = `do $$ declare name text; begin
  set local session_replication_role = replica;
  for name in select tablename from pg_tables where schemaname = 'public' and tablename not like 'kysely%' loop
    if pg_relation_size(name::regclass) < 1000000 then execute format('delete from %I', name);
    else execute format('truncate %I cascade', name); end if;
  end loop;
  perform setval(format('%I', sequencename)::regclass, 1, false) from pg_sequences where schemaname = 'public' and last_value is not null;
end $$`

interface Database { name: string, version: string }

/** Databases of this process that no test uses. */
const free: Database[] = []

async function releaseDatabase (database: Database): Promise<void> {
  const isUnchanged = await withClient(urlOf(database.name), async (client) => {
    await client.query(endSessions)
    if (await readVersion(client) !== database.version) return false
    await client.query(emptyTables)
    return true
  })
  if (isUnchanged) free.push(database)
  else await drop(database.name)
}

/**
 * Creates a migrated database without rows, or one without a schema, for one test. Migrated databases are emptied and reused by
 * later tests of the process, unless the test changed the schema: to copy and drop one for each test took 40 % of the
 * processor time of the whole suite, nearly all of it for the 300 files of a database.
 */
export async function createDatabase (t: Test, { isEmpty = false } = {}): Promise<string> {
  if (isEmpty) {
    const name = await createFrom('template0')
    t.teardown(async () => { await drop(name) })
    return urlOf(name)
  }
  const database = free.pop() ?? await createMigrated()
  t.teardown(async () => { await releaseDatabase(database) })
  return urlOf(database.name)
}

async function createMigrated (): Promise<Database> {
  const name = await createFrom(templateDatabase)
  return { name, version: await withClient(urlOf(name), readVersion) }
}
