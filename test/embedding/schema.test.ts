import Fastify, { type FastifyInstance } from 'fastify'
import pg from 'pg'
import t, { type Test } from 'tap'
import cheershare from '../../src/index.ts'
import { createDatabase } from '../support/databases.ts'
import { createSettings, signUpAt } from '../support/hosts.ts'

/**
 * Creates a host with a table of users of its own, in whose database the plugin is registered. It names the schema, because the role of
 * the tests is `cheershare` too, and PostgreSQL looks for tables in the schema of the role's name first.
 */
async function createHost (t: Test, register: (host: FastifyInstance, url: string) => Promise<void>): Promise<FastifyInstance> {
  const url = await createDatabase(t, { isEmpty: true })
  const pool = new pg.Pool({ connectionString: url, max: 1 })
  t.teardown(async () => { await pool.end() })
  await pool.query('create table public.users (email text)')
  await pool.query("insert into public.users values ('asha@example.com')")
  const host = Fastify({ pluginTimeout: 0 })
  t.teardown(async () => { await host.close() })
  host.get('/users', async () => (await pool.query('select * from public.users')).rows)
  await register(host, url)
  await host.ready()
  return host
}

const settingsOf = async (t: Test, path: string, url: string, schema?: string) =>
  await createSettings(t, path, { DATABASE_URL: url, MIGRATE_ON_START: 'on', DATABASE_SCHEMA: schema })

t.test('the plugin keeps its tables in the schema cheershare, beside the users of the host', async (t) => {
  const host = await createHost(t, async (app, url) => {
    await app.register(cheershare, { prefix: '/auth', config: await settingsOf(t, '/auth', url) })
  })
  const { authorization } = await signUpAt(host, '/auth')
  t.equal((await host.inject({ url: '/auth/me', headers: { authorization } })).statusCode, 200)
  t.same((await host.inject('/users')).json(), [{ email: 'asha@example.com' }])
})

t.test('two registrations with different schemas share one database', async (t) => {
  const host = await createHost(t, async (app, url) => {
    for (const name of ['first', 'second']) {
      const config = await settingsOf(t, `/${name}`, url, name)
      await app.register(async (scope) => { await scope.register(cheershare, { prefix: `/${name}`, config }) })
    }
  })
  const { authorization } = await signUpAt(host, '/first')
  const status = async (path: string) => (await host.inject({ url: path, headers: { authorization } })).statusCode
  t.same([await status('/first/me'), await status('/second/me')], [200, 401])
})
