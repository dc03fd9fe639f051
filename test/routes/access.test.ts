import Fastify, { type RouteOptions } from 'fastify'
import fp from 'fastify-plugin'
import t from 'tap'
import app from '../../src/app.ts'
import { loadConfig } from '../../src/config/index.ts'
import type { Access } from '../../src/http/access.ts'
import { serverOptions } from '../../src/process/instance.ts'
import { createEnvironment } from '../support/helper.ts'

const config = loadConfig(await createEnvironment(t))
const instance = Fastify(serverOptions(config))
t.teardown(async () => { await instance.close() })
const allRoutes: RouteOptions[] = []
instance.addHook('onRoute', (route) => { allRoutes.push(route) })
await instance.register(fp(app), { config })
await instance.ready()

/** The routes of this service, without the pages of Swagger UI, which anyone may read. */
const routes = allRoutes.filter(({ url }) => !url.startsWith('/docs'))
const toName = ({ method, url }: RouteOptions) => `${String(method)} ${url}`

t.test('every route states who may call it', async (t) => {
  t.ok(routes.length > 40)
  t.same(routes.filter((route) => route.config?.access === undefined).map(toName), [])
})

t.test('each kind of access applies to the listed URLs', async (t) => {
  const found: Partial<Record<Access, string[]>> = {}
  for (const { url, config: { access = 'anyone' } = {} } of routes) found[access] = [...new Set([...found[access] ?? [], url])].sort()
  t.same(found, {
    anyone: ['/', '/.well-known/jwks.json', '/.well-known/oauth-authorization-server', '/login', '/revoke', '/signup', '/token', '/verify'],
    'secret address': ['/calendar.ics', '/deliveries/:id'],
    'link or user': ['/creatives/:id/image'],
    'provider signature': ['/webhooks/twilio/status'],
    'resource server': ['/introspect'],
    operator: ['/health/live', '/health/ready', '/metrics'],
    'this machine': ['/dev/inbox', '/dev/inbox.json'],
    user: [
      '/creatives', '/creatives/:id', '/creatives/:id/image', '/creatives/:id/restore', '/creatives/deleted', '/forward-auth', '/forward-auth/*', '/logout', '/me',
      '/me/calendar-feed', '/me/export', '/me/phone-number', '/me/phone-number/pending', '/me/phone-number/verify', '/protected', '/scheduled', '/sessions',
      '/sessions/:id', '/upload-creative'
    ]
  })
})

t.test('a request without a token gets 401 from routes for users and resource servers, and from no other route', async (t) => {
  const asked = routes.filter(({ url }) => url !== '/creatives/:id/image')
  for (const { url, config: { access } = {}, ...route } of asked) {
    const [method] = [route.method].flat()
    const { statusCode } = await instance.inject({ method: method as 'GET', url: url.replace(':id', '1') })
    t.equal(statusCode === 401, access === 'user' || access === 'resource server', `${String(method)} ${url}`)
  }
})
