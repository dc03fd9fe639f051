import Fastify, { type FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import t, { type Test } from 'tap'
import service from '../../../src/app.ts'
import { loadConfig } from '../../../src/config/index.ts'
import { ApiError, UnavailableError } from '../../../src/http/errors.ts'
import { logOptions } from '../../../src/process/logging.ts'
import { build, createEnvironment, signUp } from '../../support/helper.ts'

interface Line { level: number, msg: string, code?: string, err?: { type: string, message: string, cause?: { message: string } } }

/** Builds the real service with additional routes that fail, and collects its log lines. */
async function buildFaulty (t: Test, faults: Record<string, () => unknown>): Promise<{ app: FastifyInstance, lines: Line[] }> {
  const lines: Line[] = []
  const stream = { write: (text: string) => { lines.push(JSON.parse(text) as Line) } }
  const app = Fastify({ logger: { ...logOptions('info'), stream }, routerOptions: { ignoreTrailingSlash: true } })
  await app.register(fp(service), { config: loadConfig(await createEnvironment(t)) })
  t.teardown(async () => { await app.close() })
  for (const [url, fault] of Object.entries(faults)) app.get(url, async (_request, reply) => await fault() ?? reply)
  app.get('/synchronous', () => { throw new Error('secret of a synchronous handler') })
  app.get('/promised', async () => ({ fine: true }))
  return { app, lines }
}

const raise = (error: unknown) => () => { throw error }

t.test('a handler that throws answers 500 without its message, and the service continues', async (t) => {
  const faults = {
    '/error': raise(new Error('secret of the database')),
    '/syntax': () => JSON.parse('secret'),
    '/text': raise('secret text'),
    '/nothing': raise(null),
    '/object': raise({ message: 'secret object', statusCode: 400 }),
    '/status': raise(Object.assign(new Error('secret of a plugin'), { statusCode: 502 })),
    '/odd-status': raise(Object.assign(new Error('secret of a plugin'), { statusCode: 200 }))
  }
  const { app } = await buildFaulty(t, faults)
  for (const url of [...Object.keys(faults), '/synchronous']) {
    const response = await app.inject({ url })
    t.equal(response.statusCode, 500, url)
    const { request_id: id, ...body } = response.json()
    t.same(body, { error: 'The service failed to process the request.', code: 'CHR_INTERNAL' }, url)
    t.match(id, /\S/)
    t.notMatch(response.body + JSON.stringify(response.headers), /secret/)
    t.equal((await app.inject({ url: '/promised' })).statusCode, 200)
    t.equal((await app.inject({ url: '/health/ready' })).statusCode, 200)
  }
})

t.test('the error of a plugin gets the sentence of its status from the catalogue, and 429 and 503 have Retry-After', async (t) => {
  const withStatus = (statusCode: number) => raise(Object.assign(new Error('words of a plugin'), { statusCode }))
  const { app } = await buildFaulty(t, {
    '/429': withStatus(429),
    '/503': withStatus(503),
    '/418': withStatus(418),
    '/401': withStatus(401),
    '/own': raise(new ApiError('CHR_OTP_LOCKED', { retryAfterSeconds: 42 })),
    '/down': raise(new UnavailableError('redis', new Error('ECONNREFUSED')))
  })
  const rows = [
    ['/429', 429, 'CHR_RATE_LIMITED', '1'], ['/503', 503, 'CHR_UNAVAILABLE', '1'], ['/418', 400, 'CHR_BAD_REQUEST', undefined],
    ['/401', 401, 'CHR_UNAUTHENTICATED', undefined], ['/own', 429, 'CHR_OTP_LOCKED', '42'], ['/down', 503, 'CHR_UNAVAILABLE', '1']
  ] as const
  for (const [url, status, code, retryAfter] of rows) {
    const { statusCode, headers, body } = await app.inject({ url })
    t.equal(statusCode, status, url)
    t.equal(JSON.parse(body).code, code)
    t.equal(headers['retry-after'], retryAfter, url)
    t.equal(headers['www-authenticate'], status === 401 ? 'Bearer' : undefined)
    t.notMatch(body, /words of a plugin|ECONNREFUSED/)
  }
})

t.test('5xx errors are logged once at error with their cause; 4xx errors at info without a cause', async (t) => {
  const { app, lines } = await buildFaulty(t, {
    '/down': raise(new UnavailableError('redis', new Error('connection refused'))),
    '/bug': raise(new Error('a bug', { cause: new Error('its cause') }))
  })
  const logged = async (url: string) => {
    lines.length = 0
    await app.inject({ url })
    return lines.filter(({ msg }) => msg !== 'request completed' && msg !== 'incoming request')
  }
  t.match(await logged('/down'), [{ level: 50, code: 'CHR_UNAVAILABLE', err: { message: 'connection refused' } }])
  const [bug, ...others] = await logged('/bug')
  t.same(others, [])
  t.match(bug, { level: 50, code: 'CHR_INTERNAL', err: { message: 'a bug', cause: { message: 'its cause' } } })
  const [refusal] = await logged('/protected')
  t.match(refusal, { level: 30, code: 'CHR_UNAUTHENTICATED', msg: 'request refused' })
  t.notOk(refusal && 'err' in refusal)
})

t.test('an error response drops the content type and caching headers of the success', async (t) => {
  const { app } = await buildFaulty(t, {})
  app.get('/half', async (_request, reply) => {
    reply.type('image/png').header('cache-control', 'public, max-age=3600')
    throw new ApiError('CHR_NOT_FOUND')
  })
  t.match((await app.inject({ url: '/half' })).headers, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' })
})

t.test('request ids differ, and an id that a client sends is ignored', async (t) => {
  const app = await build(t)
  const ids = []
  for (let times = 0; times < 3; times++) {
    ids.push((await app.inject({ url: '/nope', headers: { 'request-id': 'mine', 'x-request-id': 'mine' } })).json().request_id)
  }
  t.equal(new Set(ids).size, 3)
  t.notOk(ids.includes('mine'))
})

t.test('Allow names exactly the methods of an address', async (t) => {
  const app = await build(t)
  const allowed = async (url: string) => (await app.inject({ method: 'DELETE', url })).headers.allow
  t.equal(await allowed('/login'), 'POST')
  t.equal(await allowed('/login/?x=1'), 'POST')
  t.equal(await allowed('/creatives/12/image'), 'GET, HEAD, PUT')
  t.equal(await allowed('/nope'), undefined)
})

t.test('with CORS, an unknown address still answers 404 and a known one still names its methods', async (t) => {
  const app = await build(t, { env: { CORS_ORIGINS: 'https://app.example' } })
  t.match(await app.inject({ url: '/nope' }), { statusCode: 404, headers: { allow: undefined } })
  const { statusCode, headers } = await app.inject({ method: 'DELETE', url: '/login' })
  t.equal(statusCode, 405)
  t.match(headers.allow, /\bPOST\b/)
})

t.test('the service survives an error in its own error handler', async (t) => {
  const app = await build(t)
  const { authorization } = await signUp(app)
  t.intercept(app.schedule, 'list', { value: async () => { throw new Error('secret of a bug') } })
  const response = await app.inject({ url: '/scheduled', headers: { authorization } })
  t.match([response.statusCode, response.json().code], [500, 'CHR_INTERNAL'])
  t.notMatch(response.body, /secret/)
  t.equal((await app.inject({ url: '/protected', headers: { authorization } })).statusCode, 200)
})
