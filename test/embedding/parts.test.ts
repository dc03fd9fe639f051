import Fastify from 'fastify'
import t from 'tap'
import auth from '../../src/auth.ts'
import creatives, { type CreativesOptions, type HostUser } from '../../src/creatives.ts'
import { ConfigError, loadConfig } from '../../src/config/index.ts'
import sharp from 'sharp'
import { createSettings, signUpAt } from '../support/hosts.ts'

t.test('the login alone has guards and accounts, and no routes of images', async (t) => {
  const host = Fastify({ pluginTimeout: 0 })
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

t.test('the creatives alone belong to users of the host', async (t) => {
  const host = Fastify({ pluginTimeout: 0 })
  t.teardown(async () => { await host.close() })
  const users: Record<string, HostUser> = {
    asha: { id: 'user-1', name: 'Asha', timeZone: 'Asia/Kolkata' }, renamed: { id: 'user-1', name: 'Asha B' }, ravi: { id: 'user-2', timeZone: 'nowhere' }
  }
  host.addHook('onRequest', async (request) => { if (request.headers['x-user'] === 'banned') throw new Error('banned') })
  await host.register(creatives, {
    prefix: '/pictures', config: await createSettings(t, '/pictures'), userOf: async ({ headers }) => users[String(headers['x-user'])]
  })
  const origin = await host.listen({ port: 0 })
  const image = new Uint8Array(await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } }).png().toBuffer())
  const upload = async (user: string) => {
    const form = new FormData()
    form.set('file', new Blob([image], { type: 'image/png' }), 'a.png')
    return (await fetch(`${origin}/pictures/upload-creative`, { method: 'POST', headers: { 'x-user': user }, body: form })).status
  }
  t.strictSame(await Promise.all(['asha', 'asha', 'renamed', 'ravi'].map(upload)), [200, 200, 200, 200], 'concurrent first uses make one owner')
  const count = async (user: string) => (await (await fetch(`${origin}/pictures/creatives`, { headers: { 'x-user': user } })).json() as { creatives: unknown[] }).creatives.length
  t.strictSame([await count('renamed'), await count('asha'), await count('ravi')], [3, 3, 1])
  t.equal(await upload('nobody'), 401)
  t.equal((await host.inject({ url: '/pictures/creatives', headers: { 'x-user': 'banned' } })).statusCode, 500, 'hooks of the host come first')
  for (const url of ['/pictures/login', '/pictures/me', '/pictures/sessions']) t.equal((await host.inject(url)).statusCode, 404, url)
})

t.test('the creatives alone need a function that finds the user', async (t) => {
  const host = Fastify({ pluginTimeout: 0 })
  const options = { prefix: '/p', config: await createSettings(t, '/p') } as CreativesOptions
  await t.rejects(async () => { await host.register(creatives, options) }, { message: /`userOf` is missing/ })
  await host.close()
})
