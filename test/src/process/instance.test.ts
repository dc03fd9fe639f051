import pg from 'pg'
import t from 'tap'
import { loadConfig } from '../../../src/config/index.ts'
import { buildInstance } from '../../../src/process/instance.ts'
import { createDatabase } from '../../support/databases.ts'
import { build, createEnvironment } from '../../support/helper.ts'
import { until } from '../../support/polling.ts'

t.test('a malformed address answers 400 with the error body', async (t) => {
  const app = await build(t)
  const response = await app.inject('/creatives/%ZZ/image')
  t.equal(response.statusCode, 400)
  t.match(response.json(), { code: 'CHR_BAD_REQUEST', error: 'The address is not well formed.', request_id: String })
})

t.test('a trailing slash is ignored', async (t) => {
  const app = await build(t)
  t.equal((await app.inject('/health/live/')).statusCode, 200)
})

t.test('a start that fails leaves no connection open', async (t) => {
  const url = await createDatabase(t, { isEmpty: true })
  const config = loadConfig(await createEnvironment(t, { DATABASE_URL: url }))
  await t.rejects(buildInstance({ config }), { message: /the database schema lacks/ })
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const others = 'select from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()'
  // A backend ends shortly after its client.
  await until('no connection is open', async () => (await client.query(others)).rowCount === 0)
  await client.end()
})
