import { Redis } from 'ioredis'
import t, { type Test } from 'tap'
import { build, createPhone, postJson, readCode, shortDeadlines } from '../../../support/helper.ts'
import { until } from '../../../support/polling.ts'
import { createProxy } from '../../../support/proxy.ts'
import { hold } from '../../../support/redis-servers.ts'
import { openRedis } from '../../../support/services/redis.ts'

/** Starts a server of this test, with a client that configures it. */
async function openServer (t: Test) {
  const service = await openRedis({})
  t.teardown(async () => { await service.stop() })
  const port = Number(new URL(service.url).port)
  return { port, admin: hold(t, new Redis(service.url)) }
}

/** Builds the service on a master with a replica, behind an address that can move. */
async function openFailover (t: Test) {
  const [master, replica] = [await openServer(t), await openServer(t)]
  await replica.admin.replicaof('127.0.0.1', master.port)
  await until('the replica is in step', async () => String(await replica.admin.info('replication')).includes('master_link_status:up'))
  const proxy = await createProxy(t, { host: '127.0.0.1', port: master.port })
  const app = await build(t, { env: { ...shortDeadlines, REDIS_URL: `redis://127.0.0.1:${proxy.port}` } })
  return {
    app,
    /** Makes the replica the master; connections to the old master stay, and new ones reach the replica. */
    async failOver ({ movesAddress = true } = {}) {
      await until('the replica has all data', async () => {
        const [sent, received] = await Promise.all([master.admin.role(), replica.admin.role()])
        return Number(sent[1]) === Number(received[4])
      })
      await replica.admin.replicaof('NO', 'ONE')
      await master.admin.replicaof('127.0.0.1', replica.port)
      if (movesAddress) proxy.moveTo({ host: '127.0.0.1', port: replica.port })
    },
    finish: () => { proxy.moveTo({ host: '127.0.0.1', port: replica.port }) }
  }
}

t.test('after a failover the service reaches the new master by itself, and accepted codes and SMS are kept', async (t) => {
  const { app, failOver } = await openFailover(t)
  const [early, late] = [createPhone(), createPhone()]
  t.equal((await postJson(app, '/signup', { name: 'Asha', phone_number: early })).status, 200)
  const otp = await readCode(app, early)
  await failOver()
  await until('a sign-up is accepted', async () => (await postJson(app, '/signup', { name: 'Asha', phone_number: late })).status === 200)
  t.match(await readCode(app, late), /^\d{6}$/, 'the worker has followed too')
  t.equal((await postJson(app, '/verify', { phone_number: early, otp })).status, 200, 'the code from before the failover is right')
  await until('the service is ready', async () => (await app.inject({ url: '/health/ready' })).statusCode === 200)
})

t.test('the service is unready while its Redis is a replica, and becomes ready without a request', async (t) => {
  const { app, failOver, finish } = await openFailover(t)
  await failOver({ movesAddress: false })
  const ready = await app.inject({ url: '/health/ready' })
  t.equal(ready.statusCode, 503)
  t.match(ready.json(), { code: 'CHR_UNAVAILABLE', details: [{ path: 'redis', message: 'refuses writes' }] })
  t.match(await postJson(app, '/signup', { name: 'Asha', phone_number: createPhone() }), { status: 503, body: { code: 'CHR_UNAVAILABLE' } })
  finish()
  await until('the service is ready', async () => (await app.inject({ url: '/health/ready' })).statusCode === 200)
})

t.test('a start with a replica waits for a master, and ends with the reply of the replica', async (t) => {
  const server = await openServer(t)
  await server.admin.replicaof('127.0.0.1', 1)
  const env = { ...shortDeadlines, REDIS_URL: `redis://127.0.0.1:${server.port}` }
  await t.rejects(build(t, { env: { ...env, START_WAIT_SECONDS: '0' } }), { name: 'StartError', message: /Redis could not be reached/ })
  const starting = build(t, { env })
  await server.admin.replicaof('NO', 'ONE')
  t.equal((await (await starting).inject({ url: '/health/ready' })).statusCode, 200)
})
