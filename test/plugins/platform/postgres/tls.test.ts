import { chown, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import pg from 'pg'
import t, { type Test } from 'tap'
import { certificate, key } from '../../../fixtures/tls.ts'
import { build } from '../../../support/helper.ts'
import { until } from '../../../support/polling.ts'
import { openPostgres } from '../../../support/services/postgres.ts'
import { freePort } from '../../../support/services/redis.ts'

/** Starts a PostgreSQL that listens on a port of 127.0.0.1, without TLS. The client library reads the port from PGPORT too. */
async function openServer (t: Test) {
  const port = String(await freePort())
  process.env['PGPORT'] = port
  t.teardown(() => { delete process.env['PGPORT'] })
  const server = await openPostgres(['fsync=off', 'listen_addresses=127.0.0.1', `port=${port}`])
  t.teardown(async () => { await server.stop() })
  const socketFolder = new URL(server.url).searchParams.get('host') ?? ''
  return { port, socketFolder, admin: new pg.Client({ connectionString: server.url }) }
}

t.test('PostgreSQL over TLS with its own certificate authority', async (t) => {
  const { port, socketFolder, admin } = await openServer(t)
  await admin.connect()
  t.teardown(async () => { await admin.end() })
  const caFile = path.join(socketFolder, 'ca.crt')
  const ca = encodeURIComponent(caFile)
  const open = async (query: string, host = 'localhost') => await build(t, {
    env: { DATABASE_URL: `postgres://cheershare@${host}:${port}/cheershare?${query}`, START_WAIT_SECONDS: '60' }
  })
  const isEncrypted = async (query: string) => {
    const { pg: { pool } } = await open(query)
    return (await pool.query<{ ssl: boolean }>('select ssl from pg_stat_ssl where pid = pg_backend_pid()')).rows[0]?.ssl
  }

  await t.rejects(open(`sslmode=verify-full&sslrootcert=${ca}`), {
    name: 'StartError', message: /^DATABASE_URL names a file that cannot be read \(ENOENT/
  })
  await writeFile(caFile, certificate)
  await t.rejects(open(`sslmode=verify-full&sslrootcert=${ca}`), { name: 'StartError', message: /^PostgreSQL has no TLS; set it up/ })

  const files = await Promise.all(Object.entries({ certificate, key }).map(async ([name, content]) => {
    const file = path.join(socketFolder, name)
    await writeFile(file, content, { mode: 0o600 })
    const { uid, gid } = await stat(socketFolder)
    await chown(file, uid, gid)
    return file
  }))
  for (const [name, value] of Object.entries({ ssl_cert_file: files[0], ssl_key_file: files[1], ssl: 'on' })) {
    await admin.query(`alter system set ${name} = '${value}'`)
  }
  await admin.query('select pg_reload_conf()')
  await until('the server offers TLS', async () => (await admin.query<{ ssl: string }>('show ssl')).rows[0]?.ssl === 'on')

  t.equal(await isEncrypted(`sslmode=verify-full&sslrootcert=${ca}`), true)
  t.equal(await isEncrypted(`sslmode=require&sslrootcert=${ca}&uselibpqcompat=true`), true)
  t.equal(await isEncrypted('sslmode=no-verify'), true)
  t.equal(await isEncrypted('sslmode=disable'), false)

  await t.rejects(open('sslmode=verify-full'), {
    name: 'StartError', message: /^the certificate of PostgreSQL is not signed by a known authority; add sslmode=verify-full&sslrootcert=/
  })
})
