import { rootCertificates } from 'node:tls'
import t, { type Test } from 'tap'
import health from '../../../../plugins/platform/health.ts'
import redis from '../../../../plugins/platform/redis/index.ts'
import { compose } from '../../../support/compose.ts'
import { shortDeadlines } from '../../../support/helper.ts'
import { openOutbox, acceptAll, challenge, share, untilCounted } from '../../../support/outbox.ts'
import { freePort, openRedis } from '../../../support/services/redis.ts'
import { openCluster } from '../../../support/redis-servers.ts'
import { certificate, key } from '../../../fixtures/tls.ts'

const folder = t.testdir({ 'cert.pem': certificate, 'key.pem': key })
/** The certificate signs itself, so it is its own authority, and it serves as that of a client too. */
const files = { cert: `${folder}/cert.pem`, key: `${folder}/key.pem` }

/** Returns the arguments of a server with TLS at this port; `yes` makes it require a client certificate. */
function tlsArguments (port: number, requiresClient: 'yes' | 'no'): string[] {
  return [
    '--tls-port', String(port), '--tls-cert-file', files.cert, '--tls-key-file', files.key, '--tls-ca-cert-file', files.cert,
    '--tls-auth-clients', requiresClient
  ]
}

async function openTls (t: Test, requiresClient: 'yes' | 'no') {
  const port = await freePort()
  const service = await openRedis({}, tlsArguments(port, requiresClient))
  t.teardown(async () => { await service.stop() })
  return { url: `rediss://127.0.0.1:${port}`, plainUrl: service.url }
}

const start = async (t: Test, env: Record<string, string>) =>
  await compose(t, [health, redis], { env: { ...shortDeadlines, START_WAIT_SECONDS: '0', ...env } })

t.test('Redis with a certificate of an own authority is reached by REDIS_CA or by a parameter of the URL', async (t) => {
  const { url } = await openTls(t, 'no')
  const environments: Array<Record<string, string>> = [
    { REDIS_URL: url, REDIS_CA: files.cert },
    { REDIS_URL: url, REDIS_CA: certificate },
    { REDIS_URL: `${url}?ca=${encodeURIComponent(files.cert)}` },
    { REDIS_URL: `${url}?rejectUnauthorized=false` },
    { REDIS_URL: `${url.replace('127.0.0.1', 'localhost')}?servername=localhost`, REDIS_CA: files.cert }
  ]
  for (const env of environments) {
    const { app } = await start(t, env)
    t.equal(await app.redis.ping(), 'PONG', Object.keys(env).join())
  }
})

t.test('a server that requires a client certificate gets that of REDIS_CERT and REDIS_KEY, also from the worker', async (t) => {
  const { url } = await openTls(t, 'yes')
  const { app } = await openOutbox(t, {
    env: { ...share(), REDIS_URL: url, REDIS_CA: files.cert, REDIS_CERT: files.cert, REDIS_KEY: files.key }
  })
  const accepted = acceptAll(t, app)
  await app.smsOutbox.enqueue(await challenge(app))
  await untilCounted(app, 'sent')
  t.equal(accepted.length, 1)
  const { app: byUrl } = await start(t, { REDIS_URL: `${url}?ca=${files.cert}&cert=${files.cert}&key=${files.key}` })
  t.equal(await byUrl.redis.ping(), 'PONG')
})

t.test('a certificate that is refused ends the start with a sentence that says what to set', async (t) => {
  const { url, plainUrl } = await openTls(t, 'no')
  const { url: strictUrl } = await openTls(t, 'yes')
  const [otherAuthority = ''] = rootCertificates
  const refused: Array<[env: Record<string, string>, sentence: RegExp]> = [
    [{ REDIS_URL: url }, /: no known authority signed the certificate of the server \(DEPTH_ZERO_SELF_SIGNED_CERT\); set REDIS_CA/],
    [{ REDIS_URL: url, REDIS_CA: otherAuthority }, /: no known authority signed .*; set REDIS_CA/],
    [{ REDIS_URL: `${url}?servername=redis.example`, REDIS_CA: files.cert }, /is for another name .*; add \?servername=/],
    [{ REDIS_URL: strictUrl, REDIS_CA: files.cert }, /client certificate.* set REDIS_CERT and REDIS_KEY/],
    [{ REDIS_URL: plainUrl.replace('redis:', 'rediss:') }, /no answer within \d+ ms; its port may not use TLS$/]
  ]
  for (const [env, sentence] of refused) {
    await t.rejects(start(t, env), { name: 'StartError', message: sentence }, String(sentence))
  }
})

t.test('the nodes of a cluster are reached by TLS, at the names that they announce', async (t) => {
  const port = await freePort()
  const { admin } = await openCluster(t, [...tlsArguments(port, 'no'), '--tls-cluster', 'yes'])
  await admin.config('SET', 'cluster-announce-tls-port', String(port))
  const url = `rediss://:${encodeURIComponent('p@ss, word')}@localhost:${port}`
  const { app } = await start(t, { REDIS_URL: `${url},${url}`, REDIS_CA: files.cert, START_WAIT_SECONDS: '10' })
  t.equal(await app.redis.set('otp:{tls}', '', 'XX'), null)
  t.strictSame(await app.health.report(), new Map([['redis', 'up']]))
})
