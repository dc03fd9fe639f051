import Fastify from 'fastify'
import t from 'tap'
import auth from '../../src/auth.ts'
import { ConfigError, loadConfig } from '../../src/config/index.ts'
import { createSettings, signUpAt } from '../support/hosts.ts'

t.test('the login alone has guards and accounts, and no routes of images', async (t) => {
  const host = Fastify()
  t.teardown(async () => { await host.close() })
  await host.register(auth, { prefix: '/auth', config: await createSettings(t, '/auth') })
  host.get('/own', { onRequest: [host.cheershare.authenticate, host.cheershare.requireUser] }, async () => 'own')
  const { authorization } = await signUpAt(host, '/auth')
  const get = async (url: string) => (await host.inject({ url, headers: { authorization } })).statusCode
  t.strictSame(await Promise.all(['/own', '/auth/me', '/auth/sessions', '/auth/me/export'].map(get)), [200, 200, 200, 200])
  for (const url of ['/auth/creatives', '/auth/scheduled', '/auth/me/calendar-feed', '/auth/calendar.ics']) t.equal(await get(url), 404, url)
  t.notMatch((await host.inject('/auth/health/ready')).body, 'storage')
  t.equal((await host.inject({ method: 'DELETE', url: '/auth/me', headers: { authorization } })).statusCode, 200)
  t.equal(await get('/own'), 401)
})

t.test('each part needs only its own settings in production', async (t) => {
  const needs = { auth: ['DATABASE_URL', 'REDIS_URL', 'APP_SECRET', 'PHONE_HASH_SECRET', 'TWILIO_SID'], creatives: ['DATABASE_URL', 'APP_SECRET', 'STORAGE_URL'] }
  for (const role of ['auth', 'creatives'] as const) {
    try {
      loadConfig({ NODE_ENV: 'production' }, role)
      t.fail('production allows no defaults')
    } catch (error) {
      const missing = (error as ConfigError).problems.map((problem) => problem.split(' ')[0])
      t.strictSame(missing.filter((name) => name !== 'TWILIO_API_KEY' && name !== 'TWILIO_PHONE_NUMBER'), needs[role], role)
    }
  }
})
