import Fastify from 'fastify'
import t from 'tap'
import { buildShop } from '../../examples/embedded/app.ts'
import cheershare, { type CheershareOptions } from '../../src/index.ts'
import { createSettings, signUpAt } from '../support/hosts.ts'

t.test('the example guards its own routes with tokens of the plugin', async (t) => {
  const app = await buildShop({ ...await createSettings(t, '/auth'), DEV_INBOX: true })
  t.teardown(async () => { await app.close() })
  const { authorization, userId } = await signUpAt(app, '/auth')
  const headers = { authorization }

  const ordered = await app.inject({ method: 'POST', url: '/orders', headers, payload: { item: 'Cake' } })
  t.match(ordered.json(), { userId, item: 'Cake', buyer: 'Asha' }, 'findUser finds the account')
  t.match((await app.inject({ url: '/orders', headers })).json(), [{ item: 'Cake' }])
  t.equal((await app.inject({ method: 'DELETE', url: '/orders', headers })).statusCode, 204, 'the login is recent')
  t.strictSame((await app.inject({ url: '/orders', headers })).json(), [])

  for (const [title, refused] of Object.entries({ 'no token': {}, 'a wrong token': { authorization: 'Bearer x' } })) {
    for (const method of ['GET', 'DELETE'] as const) {
      const reply = await app.inject({ method, url: '/orders', headers: { ...refused } })
      t.match([reply.statusCode, reply.headers['www-authenticate'], reply.json<{ code: string }>().code], [401, 'Bearer', 'CHR_UNAUTHENTICATED'], `${method} with ${title}`)
    }
  }
  t.equal(await app.cheershare.findUser(userId + 1), undefined)

  await app.inject({ method: 'POST', url: '/auth/logout', headers })
  t.equal((await app.inject({ url: '/orders', headers })).statusCode, 401, 'an ended session is refused at once')
})

t.test('a listening host serves uploads, documents and pages below the prefix', async (t) => {
  const app = await buildShop(await createSettings(t, '/auth'))
  t.teardown(async () => { await app.close() })
  const origin = await app.listen({ port: 0 })
  const { authorization } = await signUpAt(app, '/auth')
  const form = new FormData()
  form.set('file', new Blob([await readImage()], { type: 'image/png' }), 'a.png')
  const upload = await fetch(`${origin}/auth/upload-creative`, { method: 'POST', headers: { authorization }, body: form })
  t.equal(upload.status, 200)
  for (const [path, status] of [['/auth', 200], ['/auth/', 200], ['/auth/docs/json', 200], ['/auth/health/ready?x=1', 200], ['/auth/nothing', 404], ['/nothing', 404]] as const) {
    t.equal((await fetch(`${origin}${path}`)).status, status, path)
  }
  t.equal((await fetch(`${origin}/auth/health/ready`, { method: 'HEAD' })).status, 200)
  t.equal((await fetch(`${origin}/auth/login`)).status, 405, 'methods of known addresses')
})

t.test('a recent login is asked of anonymous requests too', async (t) => {
  const app = Fastify({ pluginTimeout: 0 })
  t.teardown(async () => { await app.close() })
  await app.register(cheershare, { prefix: '/auth', config: await createSettings(t, '/auth') })
  const { authenticate, requireRecentLogin } = app.cheershare
  app.get('/danger', { onRequest: [authenticate, requireRecentLogin] }, async () => 'done')
  t.equal((await app.inject('/danger')).statusCode, 401)
})

t.test('the example fails to start with its settings', async (t) => {
  await t.rejects(buildShop({ ...await createSettings(t, '/auth'), PUBLIC_URL: undefined }), { message: /PUBLIC_URL is missing/ })
})

t.test('a registration that cannot work fails with a sentence', async (t) => {
  const settings = await createSettings(t, '/auth')
  const cases: Array<[title: string, options: object, message: RegExp]> = [
    ['no config', { prefix: '/auth' }, /`config` is missing/],
    ['an unknown setting', { prefix: '/auth', config: { ...settings, DATABSE_URL: 'x' } }, /DATABSE_URL is not a setting/],
    ['a malformed setting', { prefix: '/auth', config: { ...settings, DATABASE_POOL_SIZE: 1 } }, /DATABASE_POOL_SIZE/],
    ['no prefix', { config: settings }, /The prefix is missing/],
    ['no PUBLIC_URL', { prefix: '/auth', config: { ...settings, PUBLIC_URL: undefined } }, /PUBLIC_URL is missing/],
    ['another prefix', { prefix: '/login', config: settings }, /PUBLIC_URL must end with the prefix \/login/],
    ['a database that is down', { prefix: '/auth', config: { ...settings, DATABASE_URL: 'postgres://127.0.0.1:1/x', START_WAIT_SECONDS: 0 } }, /PostgreSQL|postgres/i]
  ]
  for (const [title, options, message] of cases) {
    const app = Fastify({ pluginTimeout: 0 })
    await t.rejects(async () => { await app.register(cheershare, options as CheershareOptions) }, { message }, title)
    await app.close()
  }
})

t.test('a host that has a route at the prefix learns of the conflict', async (t) => {
  const app = Fastify({ pluginTimeout: 0 })
  app.get('/auth/*', async () => 'own')
  const config = await createSettings(t, '/auth')
  await t.rejects(async () => { await app.register(cheershare, { prefix: '/auth', config }) }, { code: 'FST_ERR_DUPLICATED_ROUTE' })
  await app.close()
})

t.test('a second registration in the same scope is refused', async (t) => {
  const app = Fastify({ pluginTimeout: 0 })
  t.teardown(async () => { await app.close() })
  await app.register(cheershare, { prefix: '/a', config: { ...await createSettings(t, '/a'), DATABASE_PREPARED: false, PORT: undefined } })
  await t.rejects(async () => { await app.register(cheershare, { prefix: '/b', config: await createSettings(t, '/b') }) }, { message: /exists already/ })
})

t.test('a second registration in a scope decorates that scope', async (t) => {
  const app = Fastify({ pluginTimeout: 0 })
  t.teardown(async () => { await app.close() })
  await app.register(cheershare, { prefix: '/a', config: await createSettings(t, '/a') })
  await app.register(async (scope) => {
    await scope.register(cheershare, { prefix: '/b', config: await createSettings(t, '/v1/b') })
    scope.get('/own', { onRequest: [scope.cheershare.authenticate, scope.cheershare.requireUser] }, async () => 'own')
  }, { prefix: '/v1' })
  const [a, b] = [await signUpAt(app, '/a'), await signUpAt(app, '/v1/b')]
  t.equal((await app.inject({ url: '/v1/own', headers: { authorization: b.authorization } })).statusCode, 200)
  t.equal((await app.inject({ url: '/v1/own', headers: { authorization: a.authorization } })).statusCode, 401)
})

async function readImage (): Promise<Uint8Array<ArrayBuffer>> {
  const { default: sharp } = await import('sharp')
  return new Uint8Array(await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } }).png().toBuffer())
}
