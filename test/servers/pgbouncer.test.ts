import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { FastifyInstance } from 'fastify'
import t, { type Test } from 'tap'
import { spyOnPostgres } from '../support/connection-spy.ts'
import { serviceUrl } from '../support/databases.ts'
import { createCreative } from '../support/forms.ts'
import { build, createPhone, longDeadlines, readCode, postJson, signUp } from '../support/helper.ts'
import { until } from '../support/polling.ts'
import { findOrInstall } from '../support/services/programs.ts'
import { freePort } from '../support/services/redis.ts'

/** The account `nobody` of Debian; PgBouncer refuses to run as root. */
const nobody = { uid: 65_534, gid: 65_534 }

/** Starts a PgBouncer in transaction mode with a pool of 4 connections to a database. Returns the address of the database behind it. */
async function openPooler (t: Test, databaseUrl: string): Promise<string> {
  const program = findOrInstall({ names: ['pgbouncer'], debianPackage: 'pgbouncer' })
  const { port: serverPort, pathname } = new URL(databaseUrl)
  const folder = await mkdtemp(path.join(tmpdir(), 'cheershare-pgbouncer-'))
  t.teardown(async () => { await rm(folder, { recursive: true }) })
  await chmod(folder, 0o755)
  const port = await freePort()
  const file = path.join(folder, 'pgbouncer.ini')
  await writeFile(file, `
[databases]
${pathname.slice(1)} = host=127.0.0.1 port=${serverPort} user=cheershare
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 4
max_client_conn = 500
`)
  const child = spawn(program, ['-q', file], { ...process.getuid?.() === 0 ? nobody : {}, stdio: ['ignore', 'ignore', 'pipe'] })
  let output = ''
  child.stderr.on('data', (chunk: Buffer) => { output += chunk.toString() })
  t.teardown(async () => {
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  })
  await until('PgBouncer listens', async () => {
    if (child.exitCode !== null) throw new Error(`pgbouncer ended: ${output}`)
    return await fetch(`http://127.0.0.1:${port}`).then(() => true, ({ cause }) => cause?.code !== 'ECONNREFUSED')
  })
  return `postgres://cheershare@127.0.0.1:${port}${pathname}`
}

async function openBehindPooler (t: Test) {
  const { env: { DATABASE_URL: direct = '' }, url } = await spyOnPostgres(t)
  return { pooled: await openPooler(t, direct), url }
}

t.test('200 concurrent logins succeed behind a pool of 4 connections in transaction mode', async (t) => {
  const { pooled } = await openBehindPooler(t)
  const env = { DATABASE_URL: pooled, DATABASE_PREPARED: 'off', REDIS_URL: serviceUrl('TEST_REDIS_URL') }
  const instances = await Promise.all([build(t, { env: { ...env, DATA_DIR: t.testdir() } }), build(t, { env })])
  /** Each instance takes jobs of the other one, and has a carrier of its own. */
  const findSender = async (phone: string) => {
    let sender: FastifyInstance | undefined
    await until('one of the instances sends the SMS', () => {
      sender = instances.find(({ carrier }) => (carrier?.messages({ to: phone }).length ?? 0) > 0)
      return sender !== undefined
    })
    return sender ?? instances[0]
  }
  const phones = Array.from({ length: 200 }, () => createPhone())
  const statuses = await Promise.all(phones.map(async (phone, index) => {
    const app = instances[index % 2] ?? instances[0]
    const signedUp = await postJson(app, '/signup', { name: 'Asha', phone_number: phone })
    const otp = await readCode(await findSender(phone), phone)
    const { status, body } = await postJson(app, '/verify', { phone_number: phone, otp })
    const { statusCode } = await app.inject({ url: '/protected', headers: { authorization: `Bearer ${String(body['token'])}` } })
    return [signedUp.status, status, statusCode].join()
  }))
  t.same(statuses.filter((each) => each !== '200,200,200'), [])
})

t.test('uploads, lists, migrations and the sweep work behind a pooler in transaction mode', async (t) => {
  const { pooled } = await openBehindPooler(t)
  const app = await build(t, { env: { DATABASE_URL: pooled, DATABASE_PREPARED: 'off', MIGRATE_ON_START: 'on', ...longDeadlines } })
  const session = await signUp(app)
  await Promise.all(Array.from({ length: 8 }, async () => await createCreative(app, session)))
  const { authorization } = session
  for (const url of ['/creatives', '/scheduled', '/me', '/sessions', '/me/export']) {
    t.equal((await app.inject({ url, headers: { authorization } })).statusCode, 200, url)
  }
  const sweeps = await Promise.all(Array.from({ length: 8 }, async () => await app.sweep.run()))
  t.ok(sweeps.some((report) => report?.incompleteImages === 0))
  t.equal((await app.inject({ method: 'DELETE', url: '/me', headers: { authorization } })).statusCode, 200)
})

t.test('a pooler in transaction mode without DATABASE_PREPARED=off is refused at start with a sentence', async (t) => {
  const { pooled } = await openBehindPooler(t)
  await t.rejects(build(t, { env: { DATABASE_URL: pooled } }), { name: 'StartError', message: /set DATABASE_PREPARED=off/ })
})
