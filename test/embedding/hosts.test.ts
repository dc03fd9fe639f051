import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import cookie from '@fastify/cookie'
import multipart from '@fastify/multipart'
import postgres from '@fastify/postgres'
import redis from '@fastify/redis'
import swagger from '@fastify/swagger'
import Fastify, { type FastifyInstance, type FastifyPluginCallback, type FastifyServerOptions } from 'fastify'
import t from 'tap'
import cheershare, { serverOptions } from '../../src/index.ts'
import { createSettings, signUpAt } from '../support/hosts.ts'
import { serviceUrl } from '../support/databases.ts'
import { flushLog } from '../../src/process/logging.ts'

/** Imported by a variable: its type of `request.session` contradicts that of the service, which TypeScript sees in this repository. */
const sessionPackage = '@fastify/session'
const { default: session } = await import(sessionPackage) as { default: FastifyPluginCallback<{ secret: string, cookie: object }> }

type Prepare = (host: FastifyInstance) => unknown

/** Hosts with what the service uses too. Each must start, and serve its own routes and those of the plugin. */
const hosts: Array<[title: string, prepare: Prepare, options?: FastifyServerOptions]> = [
  ['@fastify/cookie and @fastify/session', async (host) => {
    await host.register(cookie)
    await host.register(session, { secret: 'a secret of at least thirty-two bytes', cookie: { secure: false } })
  }],
  ['@fastify/multipart', (host) => host.register(multipart, { limits: { fileSize: 10 } })],
  ['@fastify/postgres', (host) => host.register(postgres, { connectionString: serviceUrl('TEST_POSTGRES_URL') })],
  ['@fastify/redis', (host) => host.register(redis, { url: serviceUrl('TEST_REDIS_URL') })],
  ['@fastify/swagger', (host) => host.register(swagger, { openapi: {} })],
  ...['config', 'redis', 'pg', 'db', 'authenticate', 'tokens', 'sessions', 'metrics'].map((name): [string, Prepare] =>
    [`a decorator \`${name}\``, (host) => host.decorate<string, string>(name, 'own')]),
  ['a request decorator `session`', (host) => host.decorateRequest<string, string>('session', 'own')],
  ['ignoreTrailingSlash', () => {}, { routerOptions: { ignoreTrailingSlash: true } }],
  ['ignoreDuplicateSlashes', () => {}, { routerOptions: { ignoreDuplicateSlashes: true } }],
  ['caseSensitive: false', () => {}, { routerOptions: { caseSensitive: false } }],
  ['no HEAD routes', () => {}, { exposeHeadRoutes: false }],
  ['a small body limit and a time limit of handlers', () => {}, { bodyLimit: 1, handlerTimeout: 60_000 }]
]

for (const [title, prepare, options = {}] of hosts) {
  t.test(`the plugin works in a host with ${title}`, async (t) => {
    // A loaded machine may need longer than the 10 s that Fastify gives a plugin.
    const host = Fastify({ pluginTimeout: 0, ...options })
    t.teardown(async () => { await host.close() })
    await prepare(host)
    await host.register(cheershare, { prefix: '/auth', config: await createSettings(t, '/auth') })
    host.get('/own', { onRequest: [host.cheershare.authenticate, host.cheershare.requireUser] }, async (request) => {
      // The session of the host is still the host's.
      return { userId: host.cheershare.sessionOf(request)?.userId, isOwn: (request.session as unknown) !== host.cheershare.sessionOf(request) }
    })
    const { authorization, userId } = await signUpAt(host, '/auth')
    t.strictSame((await host.inject({ url: '/own', headers: { authorization } })).json(), { userId, isOwn: true })
    t.equal((await host.inject({ url: '/auth/me', headers: { authorization } })).statusCode, 200)
    t.equal((await host.inject({ method: 'HEAD', url: '/auth/me', headers: { authorization } })).statusCode, 200)
  })
}

t.test('a path is found as the router of the host reads it', async (t) => {
  const host = Fastify({ pluginTimeout: 0, routerOptions: { ignoreDuplicateSlashes: true, caseSensitive: false, ignoreTrailingSlash: true } })
  t.teardown(async () => { await host.close() })
  await host.register(async (scope) => { await scope.register(cheershare, { prefix: '/auth', config: await createSettings(t, '/api/auth') }) }, { prefix: '/api' })
  for (const path of ['/api/auth/health/ready', '/API/Auth/health/ready', '//api//auth/health/ready', '/api/auth/health/ready/']) {
    t.equal((await host.inject(path)).statusCode, 200, path)
  }
})

t.test('errors, parsers, validators, headers, documents and hooks of the host stay its own', async (t) => {
  const host = Fastify({ pluginTimeout: 0 })
  t.teardown(async () => { await host.close() })
  const addresses: string[] = []
  await host.register(swagger, { openapi: {} })
  host.addHook('onResponse', async (request) => { addresses.push(request.url) })
  host.setErrorHandler(async (error, _request, reply) => await reply.code(418).send({ own: (error as Error).message }))
  host.setNotFoundHandler(async (_request, reply) => await reply.code(404).send('own 404'))
  host.addContentTypeParser('text/own', { parseAs: 'string' }, async (_request: object, body: string) => body.toUpperCase())
  await host.register(cheershare, { prefix: '/auth', config: await createSettings(t, '/auth') })
  host.post('/echo', async ({ body }) => ({ body }))
  host.get('/number', { schema: { querystring: { type: 'object', properties: { n: { type: 'integer' } } } } }, async ({ query }) => query)
  host.get('/guarded', { onRequest: [host.cheershare.authenticate, host.cheershare.requireUser] }, async () => 'never')
  host.get('/failing', async () => { throw new Error('broken') })

  t.strictSame((await host.inject({ method: 'POST', url: '/echo', headers: { 'content-type': 'text/own' }, payload: 'a' })).json(), { body: 'A' })
  t.strictSame((await host.inject({ method: 'POST', url: '/echo', headers: { 'content-type': 'text/plain' }, payload: 'a' })).json(), { body: 'a' })
  t.strictSame((await host.inject('/number?n=5')).json(), { n: 5 }, 'coercion stays on')
  t.equal((await host.inject('/failing')).statusCode, 418)
  t.equal((await host.inject('/guarded')).statusCode, 418, 'refusals of the guards go to the error handler of the host')
  t.equal((await host.inject('/nothing')).body, 'own 404')
  t.equal((await host.inject('/number')).headers['content-security-policy'], undefined)
  t.notOk(Object.keys((host.swagger() as { paths: object }).paths).some((path) => path.startsWith('/auth')), 'the document has the own routes only')
  addresses.length = 0
  const refused = await host.inject('/auth/nothing?a=1')
  t.match(refused.json(), { code: 'CHR_NOT_FOUND' })
  t.match(refused.headers['content-security-policy'], /default-src 'none'/)
  t.strictSame(addresses, ['/auth/nothing?a=1'], 'hooks of the host see the whole address')
})

t.test('each option of serverOptions that the host lacks is logged once', async (t) => {
  const settings = { ...await createSettings(t, '/auth'), LOG_LEVEL: 'warn' }
  const names = ['requestTimeout', 'http.headersTimeout', 'keepAliveTimeout', 'http.joinDuplicateHeaders', 'pluginTimeout', 'clientErrorHandler']
  for (const [options, expected] of [[{}, names], [{ pluginTimeout: 0 }, names.filter((name) => name !== 'pluginTimeout')], [serverOptions(settings), []]] as const) {
    const written = t.capture(process.stdout, 'write')
    const host = Fastify(options)
    await host.register(cheershare, { prefix: '/auth', config: settings })
    await host.close()
    flushLog()
    written.restore()
    const lines = written().flatMap(({ args: [chunk] }) => String(chunk).split('\n')).filter((line) => line.includes('serverOptions'))
    t.strictSame(lines.map((line) => (JSON.parse(line) as { option: string }).option), expected)
  }
})

t.test('a host with serverOptions answers what Node cannot parse, before and after the registration', async (t) => {
  const config = await createSettings(t, '/auth')
  const host = Fastify(serverOptions(config))
  t.teardown(async () => { await host.close() })
  const other = Fastify(serverOptions(config))
  t.teardown(async () => { await other.close() })
  await host.register(cheershare, { prefix: '/auth', config })
  for (const app of [host, other]) {
    await app.listen({ port: 0 })
    const socket = connect((app.server.address() as { port: number }).port, '127.0.0.1')
    socket.end('NONSENSE\r\n\r\n')
    t.match(await text(socket), /400 Bad Request[\s\S]*CHR_BAD_REQUEST/)
  }
  t.match((await host.inject('/auth/metrics')).body, /status="400"/, 'the refusal is counted')
})
