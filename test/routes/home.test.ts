import t from 'tap'
import { build } from '../support/helper.ts'
import { createCluster } from '../support/instances.ts'

t.test('GET / links the API docs and the inbox, below the path of PUBLIC_URL', async (t) => {
  const cases = [[{}, ''], [{ PUBLIC_URL: 'http://localhost:4000/app' }, '/app']] as const
  for (const [env, base] of cases) {
    const reply = await (await build(t, { env })).inject('/')
    t.equal(reply.statusCode, 200)
    t.match(reply.headers['content-type'], 'text/html')
    t.match(reply.headers['content-security-policy'], "default-src 'none'")
    const links = [...reply.body.matchAll(/href="(\/[^"]*)"/g)].map(([, link]) => link)
    t.same(links, ['/docs', '/dev/inbox', '/docs/json', '/health/ready'].map((path) => `${base}${path}`))
  }
})

t.test('the page names the inbox only where there is one', async (t) => {
  const app = await build(t, { env: { DEV_INBOX: 'off' } })
  t.notMatch((await app.inject('/')).body, 'inbox')
})

t.test('production has no such page', async (t) => {
  const { start, env } = await createCluster(t, { hasRedis: true })
  const app = await start({
    NODE_ENV: 'production',
    APP_SECRET: 'a secret of this test that is long enough',
    PHONE_HASH_SECRET: 'another secret of this test, long enough',
    STORAGE_URL: `file:${env['DATA_DIR'] ?? ''}/uploads`,
    TWILIO_SID: `AC${'0'.repeat(32)}`,
    TWILIO_API_KEY: 'the auth token',
    TWILIO_PHONE_NUMBER: '+15005550006'
  })
  t.equal((await app.inject('/')).statusCode, 404)
})
