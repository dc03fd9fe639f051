import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import t from 'tap'
import { build, createClock, signUp } from '../support/helper.ts'
import { freePort } from '../support/services/redis.ts'

const audience = 'https://orders.example.com'
const grant = 'urn:ietf:params:oauth:grant-type:token-exchange'
const accessToken = 'urn:ietf:params:oauth:token-type:access_token'
const exchange = (token: string, fields: Record<string, string> = {}) => ({
  method: 'POST' as const,
  url: '/token',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  payload: new URLSearchParams({ grant_type: grant, subject_token: token, subject_token_type: accessToken, ...fields }).toString()
})

t.test('a resource server verifies a JWT with the published keys', async (t) => {
  const port = await freePort()
  const issuer = `http://127.0.0.1:${port}`
  const app = await build(t, { env: { JWT_AUDIENCES: audience, PUBLIC_URL: issuer } })
  await app.listen({ host: '127.0.0.1', port })
  const { token, userId } = await signUp(app)
  const reply = await app.inject(exchange(token, { audience }))
  t.equal(reply.statusCode, 200)
  t.equal(reply.headers['cache-control'], 'no-store')
  const body = reply.json<{ access_token: string }>()
  t.match(body, { issued_token_type: accessToken, token_type: 'Bearer', expires_in: 300 })
  const keys = createRemoteJWKSet(new URL(`${issuer}/.well-known/jwks.json`))
  const { payload } = await jwtVerify(body.access_token, keys, { issuer, audience, typ: 'at+jwt', algorithms: ['ES256'] })
  t.match(payload, { sub: String(userId), sid: /^\d+$/, jti: /^[\w-]{22}$/, amr: ['sms'], client_id: 'cheershare', is_test: false })
  t.equal(Number(payload.exp) - Number(payload.iat), 300)
  t.same(Object.keys(payload).filter((name) => /phone|name/.test(name)), [], 'no personal data')
  t.match(decodeProtectedHeader(body.access_token), { alg: 'ES256', typ: 'at+jwt', kid: /./ })
})

t.test('own routes take a JWT for the service, and refuse it once its session has ended', async (t) => {
  const app = await build(t, { env: { JWT_AUDIENCES: audience } })
  const { token, authorization } = await signUp(app)
  const { access_token: jwt } = (await app.inject(exchange(token))).json<{ access_token: string }>()
  const { access_token: foreign } = (await app.inject(exchange(token, { audience }))).json<{ access_token: string }>()
  const get = async (bearer: string, url = '/protected') => (await app.inject({ url, headers: { authorization: `Bearer ${bearer}` } })).statusCode
  t.equal(await get(jwt), 200)
  t.equal(await get(jwt, '/me'), 200)
  t.equal(await get(foreign), 401, 'a JWT for another audience')
  t.equal(await get(`${jwt.slice(0, -4)}AAAA`), 401, 'a wrong signature')
  await app.inject({ method: 'POST', url: '/logout', headers: { authorization } })
  t.equal(await get(jwt), 401)
})

t.test('with JWT_STATELESS a JWT outlives its session for reading, outside accounts and sessions', async (t) => {
  const clock = createClock()
  const app = await build(t, { env: { JWT_STATELESS: 'on' }, clock })
  const { token, authorization } = await signUp(app)
  const { access_token: jwt } = (await app.inject(exchange(token))).json<{ access_token: string }>()
  await app.inject({ method: 'POST', url: '/logout', headers: { authorization } })
  const ask = async (method: 'GET' | 'HEAD' | 'POST' | 'DELETE', url: string) =>
    (await app.inject({ method, url, headers: { authorization: `Bearer ${jwt}` } })).statusCode
  t.equal(await ask('GET', '/protected'), 200)
  t.equal(await ask('HEAD', '/protected'), 200)
  t.equal(await ask('GET', '/me'), 401)
  t.equal(await ask('GET', '/sessions'), 401)
  t.equal(await ask('POST', '/logout'), 401)
  t.equal(await ask('DELETE', '/creatives/1'), 401)
  clock.advance(301_000)
  t.equal(await ask('GET', '/protected'), 401)
})

t.test('refusals have the form of OAuth', async (t) => {
  const app = await build(t)
  const { token } = await signUp(app)
  const { access_token: jwt } = (await app.inject(exchange(token))).json<{ access_token: string }>()
  const cases: Array<[string, ReturnType<typeof exchange>, number, object]> = [
    ['another grant', exchange(token, { grant_type: 'password' }), 400, { error: 'unsupported_grant_type', code: 'CHR_GRANT_UNSUPPORTED' }],
    ['an unknown audience', exchange(token, { audience: 'https://x.example' }), 400, { error: 'invalid_target', code: 'CHR_AUDIENCE_UNKNOWN' }],
    ['an unknown token', exchange('A'.repeat(26)), 400, { error: 'invalid_request', code: 'CHR_SUBJECT_TOKEN_INVALID' }],
    ['a JWT', exchange(jwt), 400, { error: 'invalid_request', code: 'CHR_SUBJECT_TOKEN_INVALID' }],
    ['another type of token', exchange(token, { subject_token_type: 'x' }), 400, { code: 'CHR_SUBJECT_TOKEN_INVALID' }],
    ['another requested type', exchange(token, { requested_token_type: 'x' }), 400, { error: 'invalid_request', code: 'CHR_VALIDATION' }],
    ['no token', { ...exchange(token), payload: `grant_type=${grant}` }, 400, { error: 'invalid_request', code: 'CHR_VALIDATION' }],
    ['a repeated field', { ...exchange(token), payload: `${exchange(token).payload}&audience=a&audience=b` }, 400, { code: 'CHR_VALIDATION' }],
    ['JSON', { ...exchange(token), headers: { 'content-type': 'application/json' } }, 415, { error: 'invalid_request', code: 'CHR_MEDIA_TYPE' }]
  ]
  for (const [title, request, status, body] of cases) {
    const reply = await app.inject(request)
    t.equal(reply.statusCode, status, title)
    t.match(reply.json(), { ...body, error_description: /^[ -~]+$/, request_id: /./ }, title)
    t.equal(reply.headers['cache-control'], 'no-store')
  }
})

t.test('the metadata names the endpoints below PUBLIC_URL', async (t) => {
  const app = await build(t, { env: { PUBLIC_URL: 'https://example.com/login' } })
  const reply = await app.inject('/.well-known/oauth-authorization-server')
  t.match(reply.json(), { issuer: 'https://example.com/login', token_endpoint: 'https://example.com/login/token', response_types_supported: [] })
  t.equal(reply.headers['cache-control'], 'public, max-age=300')
})
