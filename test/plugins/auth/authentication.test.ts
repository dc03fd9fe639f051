import Fastify, { type FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import t, { type Test } from 'tap'
import authentication from '../../../plugins/auth/authentication.ts'
import sessionCookie from '../../../plugins/auth/session-cookie.ts'
import errors from '../../../plugins/http/errors.ts'
import type { AccessTokens } from '../../../plugins/auth/access-tokens/index.ts'
import type { Tokens } from '../../../plugins/auth/tokens/index.ts'
import { loadConfig } from '../../../src/config/index.ts'
import { getSession } from '../../../src/http/access.ts'
import { ApiError } from '../../../src/http/errors.ts'
import { exchange, listen } from '../../support/sockets.ts'

const token = 'ABCDEFGHIJKLMNOPQRSTUVWXY2'

/** Builds a scope of each kind around a token service that records its lookups. */
async function buildScopes (t: Test): Promise<{ app: FastifyInstance, lookups: string[] }> {
  const lookups: string[] = []
  const tokens: Tokens = {
    async findSession (plaintext) {
      lookups.push(plaintext)
      return plaintext === token ? { id: 1, userId: 7, startedAt: 0, lastUsedAt: 0, expiresAt: 1, finalExpiresAt: 1 } : undefined
    },
    findSessionById: async () => undefined,
    deleteAllForUser: async () => 0,
    activity: { record: () => undefined, flush: async () => {}, close: async () => {} }
  }
  const session = { id: 1, userId: 7, startedAt: 0, lastUsedAt: 0, expiresAt: 1, finalExpiresAt: 1 }
  const accessTokens: AccessTokens = {
    issuer: 'http://localhost',
    audiences: [],
    sign: async () => ({ token: '', expiresIn: 0 }),
    exchange: async () => ({ token: '', expiresIn: 0 }),
    verify: async () => undefined,
    findSession: async (jwt) => jwt === 'ab.cd.ef' ? session : undefined
  }
  const app = Fastify()
  await app.register(errors)
  await app.register(fp(async (fastify) => { fastify.decorate('tokens', tokens) }, { name: 'tokens' }))
  await app.register(fp(async (fastify) => { fastify.decorate('accessTokens', accessTokens) }, { name: 'access-tokens' }))
  app.decorate('config', loadConfig({}))
  await app.register(sessionCookie)
  await app.register(authentication)
  app.get('/open', async (request) => ({ user: request.session?.userId ?? null }))
  await app.register(async (scope) => {
    scope.addHook('onRequest', scope.authenticate)
    scope.get('/optional', async (request) => ({ user: request.session?.userId ?? null }))
    scope.get('/strict', async (request) => ({ user: getSession(request).userId }))
    scope.get('/guarded', { onRequest: scope.requireUser }, async (request) => ({ user: getSession(request).userId }))
  })
  t.teardown(async () => { await app.close() })
  return { app, lookups }
}

const bearer = { authorization: `Bearer ${token}` }

t.test('the user of a valid token is known only in scopes that authenticate', async (t) => {
  const { app } = await buildScopes(t)
  for (const [url, user] of [['/open', null], ['/optional', 7], ['/strict', 7], ['/guarded', 7]]) {
    t.same((await app.inject({ url: String(url), headers: bearer })).json(), { user }, String(url))
  }
})

t.test('a request without the header is anonymous, and only optional scopes accept it', async (t) => {
  const { app, lookups } = await buildScopes(t)
  t.same((await app.inject({ url: '/optional' })).json(), { user: null })
  for (const url of ['/strict', '/guarded']) {
    t.match(await app.inject({ url }), {
      statusCode: 401, headers: { 'www-authenticate': 'Bearer' }
    })
  }
  t.same(lookups, [])
})

t.test('the scheme may be in any case, and one or more spaces follow it', async (t) => {
  const { app, lookups } = await buildScopes(t)
  const spellings = ['Bearer ', 'bearer ', 'BEARER ', 'bEaReR ', 'Bearer  ', `bearer${' '.repeat(20)}`]
  for (const beginning of spellings) {
    t.same((await app.inject({ url: '/guarded', headers: { authorization: `${beginning}${token}` } })).json(), { user: 7 }, beginning)
  }
  t.same(lookups, spellings.map(() => token))
})

t.test('spaces and tabs around the value of the header are ignored', async (t) => {
  const { app } = await buildScopes(t)
  const port = await listen(app)
  for (const value of [`\t bearer ${token}`, `Bearer ${token} \t`, `BEARER  ${token}\t`]) {
    const reply = await exchange(port, `GET /guarded HTTP/1.1\r\nhost: x\r\nauthorization: ${value}\r\nconnection: close\r\n\r\n`)
    t.equal(reply.status, 200, JSON.stringify(value))
  }
})

t.test('a malformed header is refused in every scope without a token lookup', async (t) => {
  const { app, lookups } = await buildScopes(t)
  const headers = [
    '', 'Bearer', 'Bearer ', token, ` ${token}`, `Basic ${token}`, `Bearer${token}`, `Bearer\t${token}`, `Bearer \t${token}`,
    `Bearers ${token}`, `Bear ${token}`, `xBearer ${token}`, `Bearer=${token}`, `Bearer: ${token}`, `Bearer "${token}"`,
    `Bearer\u00a0${token}`, `\u0412earer ${token}`, `Token ${token}`, `Bearer Bearer ${token}`, `Bearer token=${token}`,
    `Bearer ${token},`, `Bearer ${token}=`, `bearer ${token.toLowerCase()}`, `Bearer ${token} `, `Bearer ${token} ${token}`,
    `Bearer ${token}, Bearer ${token}`,
    `Bearer ${token.slice(1)}`, `Bearer ${token}A`, `Bearer ${token.toLowerCase()}`, `Bearer ${token.slice(1)}1`, `Bearer ${token}\n`
  ]
  for (const authorization of headers) {
    for (const url of ['/optional', '/guarded']) {
      t.equal(
        (await app.inject({ url, headers: { authorization } })).statusCode, 401, authorization
      )
    }
  }
  t.same(lookups, [])
  const unknown = `Bearer ${'A'.repeat(26)}`
  t.equal((await app.inject({ url: '/optional', headers: { authorization: unknown } })).statusCode, 401)
  t.same(lookups, ['A'.repeat(26)])
})

t.test('a failure of the token service answers 503 instead of 401', async (t) => {
  const { app } = await buildScopes(t)
  t.intercept(app.tokens, 'findSession', { value: async () => { throw new ApiError('CHR_UNAVAILABLE') } })
  t.match(await app.inject({ url: '/guarded', headers: bearer }), {
    statusCode: 503, headers: { 'retry-after': '1', 'www-authenticate': undefined }
  })
})
